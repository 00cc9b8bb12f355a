"""How it sounds and feels, how it was made, and what is heard of nature."""

from __future__ import annotations

from typing import Final

TEMPO: Final = """
langsam, gemächlich: slow
schleppend, träge: dragging
getragen: stately
schnell: fast
flott, zügig, rasch, flink: quick
rasant, rasend: racing
hektisch: hectic
temporeich: fast-paced
mittelschnell: mid-tempo
mäßig: moderate
schneller werdend: accelerating
langsamer werdend: slowing down
"""

MOODS: Final = """
ruhig: calm
still: quiet
entspannt: relaxed
entspannend: relaxing
friedlich: peaceful
sanft: gentle
zart: tender
beruhigend: soothing
gelassen: serene
meditativ: meditative
besinnlich: contemplative
nachdenklich: pensive
gemütlich: cozy
schläfrig: sleepy
chillig: chilled
verträumt, träumerisch: dreamy
traum, träume: dream
ätherisch: ethereal
schwebend: floating
sphärisch: spheric
atmosphärisch: atmospheric
traumhaft: dreamlike
schwerelos: weightless
himmlisch: heavenly
traurig: sad
tieftraurig, todtraurig: deeply sad
melancholisch, schwermütig: melancholic
wehmütig, sehnsüchtig: wistful
nostalgisch: nostalgic
depressiv: depressing
einsam: lonely
herzzerreißend: heartbreaking
bittersüß: bittersweet
düster, duster: gloomy
dunkel, dunkl: dark
finster: sinister
unheimlich, schaurig: eerie
gruselig, gruslig: creepy
bedrohlich: menacing
geheimnisvoll, mysteriös: mysterious
gespenstisch: ghostly
fröhlich, heiter: cheerful
froh, glücklich: happy
freudig: joyful
gut gelaunt, gutgelaunt: good-humoured
beschwingt, schwungvoll: swinging
sonnig: sunny
unbeschwert: carefree
munter: lively
ausgelassen: exuberant
hoffnungsvoll: hopeful
optimistisch: optimistic
verspielt, spielerisch: playful
lustig, witzig: funny
komisch, skurril: quirky
kindlich: childlike
niedlich: cute
albern: silly
humorvoll: humorous
energiegeladen, energisch, energetisch: energetic
mitreißend: rousing
treibend, antreibend: driving
kraftvoll: powerful
lebhaft, lebendig: lively
dynamisch: dynamic
packend: gripping
wild: wild
aggressiv: aggressive
wütend, zornig: angry
hart, knallhart: hard
heftig: heavy
brutal: brutal
episch: epic
heroisch, heldenhaft: heroic
majestätisch: majestic
feierlich: solemn
festlich: festive
dramatisch: dramatic
gewaltig: massive
bombastisch: bombastic
triumphal, triumphierend: triumphant
pompös: pompous
erhaben: sublime
spannend: suspenseful
angespannt: tense
nervös: nervous
unruhig, rastlos: restless
romantisch: romantic
zärtlich: tender
gefühlvoll: soulful
leidenschaftlich: passionate
sinnlich: sensual
verliebt: in love
innig: heartfelt
kitschig: kitschy
sentimental: sentimental
groovig: groovy
lässig: laid-back
locker: loose
rhythmisch: rhythmic
tanzbar: danceable
hypnotisch: hypnotic
monoton, eintönig: monotonous
schön: beautiful
hässlich: ugly
berührend, ergreifend: moving
hymnisch: anthemic
eingängig: catchy
seltsam, sonderbar: strange
verrückt: crazy
"""

PRODUCTION: Final = """
männlich: male
weiblich: female
mann: man
frau: woman
laut, lautstark: loud
ohrenbetäubend: deafening
leise: quiet
hell: bright
strahlend: radiant
klar: clear
glasklar: crystal clear
brillant: brilliant
glitzernd, schimmernd: shimmering
warm: warm
weich: soft
dumpf, gedämpft: muffled
samtig: velvety
rund: round
tief: deep
hoch, hoh: high
schrill: shrill
durchdringend: piercing
dünn: thin
dicht: dense
voll: full
üppig: lush
fett: fat
vielschichtig: layered
sparsam, karg: sparse
schlicht, einfach: simple
reduziert: minimal
intim: intimate
allein, alleine: alone
unbegleitet: unaccompanied
akustisch: acoustic
elektronisch: electronic
elektrisch: electric
synthetisch, künstlich: synthetic
digital: digital
analog: analog
verzerrt: distorted
verzerrung: distortion
übersteuert: overdriven
rau, rauh: rough
schmutzig, dreckig: dirty
kratzig: scratchy
knisternd: crackling
hallig, verhallt: reverberant
hall, nachhall: reverb
verstärkt: amplified
unverstärkt: unamplified
gezupft: plucked
gestrichen: bowed
geschlagen: struck
programmiert: programmed
basslastig, bassig: bass-heavy
wummernd, dröhnend: booming
stampfend: stomping
pulsierend: pulsating
instrumentalmusik, instrumentalstück: instrumental music
liveaufnahme, live-aufnahme, konzertmitschnitt: live recording
alt, uralt: old
neu: new
schallplatte: vinyl record
schallplattenknistern, plattenknistern: vinyl crackle
historisch: historical
groß: big
klein: small
kurz: short
lang: long
lautstärke: volume
"""

NATURE: Final = """
rauschen: noise
weißes rauschen: white noise
störgeräusch: static
hintergrundrauschen: background noise
grollen, donnergrollen: rumble
donner: thunder
gewitter: thunderstorm
sturm, stürme: storm
windgeräusch, windrauschen: wind noise
regen: rain
regentropfen: raindrops
regnerisch, verregnet: rainy
meer: sea
meeresrauschen, wellenrauschen: ocean waves
welle: waves
brandung: surf
strand: beach
ozean: ocean
wasser: water
bach, bäche: stream
fluss: river
feuer: fire
knistern: crackling
lagerfeuer, kaminfeuer: campfire
vogel, vögel: birds
vogelgesang, vogelgezwitscher, vogelzwitschern, gezwitscher: birdsong
zwitschernd: chirping
hund: dog
katze: cat
grille: crickets
wald, wälder: forest
natur: nature
naturgeräusch, naturklänge: nature sounds
schnee: snow
nebel: fog
stern: stars
sonne: sun
mond: moon
himmel: sky
wolke: clouds
berg: mountains
stadt: city
straße: street
zug: train
applaus, beifall, klatschen: applause
publikum: audience
menge, menschenmenge: crowd
jubel: cheering
herzschlag, herzklopfen: heartbeat
schritt: footsteps
uhr: clock
stille: silence
telefon: telephone
hubschrauber: helicopter
motor: engine
"""
