"""Styles of music, places it comes from, and occasions for it."""

from __future__ import annotations

from typing import Final

STYLES: Final = """
rockig: rocky
poppig: poppy
jazzig: jazzy
bluesig: bluesy
soulig: soulful
funkig: funky
klassik: classical music
klassisch: classical
kammermusik: chamber music
sonate: sonata
barock: baroque
fuge: fugue
sinfonie, symphonie: symphony
sinfonisch, symphonisch: symphonic
oper: opera
operette: operetta
filmmusik, kinomusik: film score
videospielmusik, computerspielmusik, spielemusik: video game music
volksmusik, volkstümlich: folk music
volkslied, volkslieder: folk song
liedermacher: singer-songwriter
marsch, märsche, marschmusik: march
walzer: waltz
dreivierteltakt: waltz time
tanzmusik: dance music
tanz, tänze: dance
diskothek, disko: disco
klanglandschaft: soundscape
sphärenmusik, sphärenklang, sphärenklänge: ambient music
wiegenlied, wiegenlieder, schlaflied, schlaflieder, gutenachtlied: lullaby
kinderlied, kinderlieder: children's song
weihnachtslied, weihnachtslieder: christmas carol
weihnachtsmusik: christmas music
kirchenmusik: church music
kirchenlied, kirchenlieder: hymn
choral, choräle: chorale
hymne: anthem
geistlich, sakral: sacred
gregorianik: gregorian chant
weltmusik: world music
elektronische tanzmusik: electronic dance music
elektronik, elektromusik: electronic music
schlager: german schlager
liebeslied, liebeslieder: love song
trinklied, trinklieder: drinking song
seemannslied, seemannslieder: sea shanty
ballade: ballad
hörspiel: radio play
afrikanisch: african
asiatisch: asian
arabisch: arabic
orientalisch: oriental
indisch: indian
japanisch: japanese
chinesisch: chinese
türkisch: turkish
griechisch: greek
russisch: russian
irisch: irish
keltisch: celtic
schottisch: scottish
spanisch: spanish
französisch: french
italienisch: italian
portugiesisch: portuguese
brasilianisch: brazilian
kubanisch: cuban
karibisch: caribbean
jamaikanisch: jamaican
lateinamerikanisch: latin american
amerikanisch: american
englisch: english
deutsch: german
nordisch: nordic
mittelalterlich: medieval
mittelalter: middle ages
exotisch: exotic
traditionell: traditional
modern: modern
experimentell: experimental
minimalistisch: minimalist
psychedelisch: psychedelic
"""

OCCASIONS: Final = """
zwanziger: twenties
dreißiger: thirties
vierziger: forties
fünfziger: fifties
sechziger: sixties
siebziger: seventies
achtziger: eighties
neunziger: nineties
anfang der, frühe: early
mitte der: mid
ende der, späte: late
zum einschlafen: to fall asleep to
zum schlafen: for sleeping
zum entspannen, zum chillen, zum relaxen: for relaxing
zum träumen: dreamy
zum tanzen: to dance to
zum lernen: for studying
zum arbeiten: for working
zum lesen: for reading
zum laufen, zum joggen: for running
zum putzen: for cleaning
zum kochen: for cooking
zum autofahren: for driving
zum feiern: party
zum weinen, zum heulen: sad enough to cry
zum mitsingen: to sing along to
zum aufwachen: to wake up to
zum meditieren: for meditation
beim kochen: while cooking
einschlafen: falling asleep
entspannung: relaxation
entspannungsmusik: relaxing music
konzentration: concentration
meditation: meditation
feier, fest: party
geburtstag: birthday
hochzeit: wedding
beerdigung, trauerfeier, begräbnis: funeral
weihnachten: christmas
silvester: new year's eve
karneval, fasching: carnival
frühstück: breakfast
abendessen: dinner
spaziergang: walk
autofahrt: car ride
autobahn: motorway
lagerfeuer: campfire
kamin: fireplace
kirche: church
kathedrale, dom: cathedral
kloster: monastery
kneipe: pub
kaffeehaus: coffee house
ballsaal: ballroom
zirkus: circus
horrorfilm: horror film
spukhaus: haunted house
zeichentrick, zeichentrickfilm: cartoon
märchen: fairy tale
krimi: crime film
verfolgungsjagd: chase scene
schlacht: battle
held, helden: heroes
ritter: knights
weltraum, weltall: outer space
raumschiff: spaceship
unterwasser: underwater
videospiel, computerspiel: video game
kinder: children
urlaub: holiday
liebe: love
liebeskummer: heartbreak
sehnsucht: longing
heimweh: homesickness
abschied: farewell
trauer: grief
wut: rage
angst: fear
freude: joy
hoffnung: hope
spannung: suspense
stimmung: mood
gute laune: good mood
melancholie: melancholy
traurigkeit: sadness
fröhlichkeit: cheerfulness
nacht: night
abend: evening
morgen: morning
mitternacht: midnight
sommer: summer
winter: winter
herbst: autumn
frühling: spring
sonntag: sunday
"""
