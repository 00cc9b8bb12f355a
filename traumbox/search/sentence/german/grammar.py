"""Small words, the first halves of compounds, and words that English has too."""

from __future__ import annotations

from typing import Final

SMALL: Final = """
und: and
oder: or
mit: with
ohne: without
aber: but
sehr: very
ganz: very
ziemlich: quite
etwas: something
irgendwas, irgendetwas: something
ein bisschen, bisschen: a bit of
viel, viele: lots of
wenig, wenige: few
nur: only
auch: also
mehr: more
weniger: less
nicht: not
zu: too
kein, keine, keinen, keiner, keinem: no
ein, eine, einen, einem, einer, eines: a
der, die, das, den, dem, des: the
im, in der, in dem: in the
in einem, in einer: in a
am, an der: at the
aus: from
auf: on
von: of
vom: of the
für, fürs: for
wie: like
wie im: like in a
nach: like
bei, beim: at
zum, zur: for
dazu: with it
im hintergrund: in the background
ist, sind: is
klingt: sounds
spielt, gespielt: played
jemand: someone
spät: late
nachts: at night
abends: in the evening
morgens: in the morning
fast: almost
fast nur: almost only
bitte: please
"""

FIRST_HALVES: Final = """
frauen: female
männer: male
kinder: children's
knaben: boys'
streich: string
streicher: string
blas: wind
bläser: wind
schlag: percussion
volks: folk
film: film
tanz: dance
kirchen: church
solo: solo
jazz: jazz
rock: rock
pop: pop
blues: blues
techno: techno
house: house
metal: metal
reggae: reggae
disco: disco
soul: soul
funk: funk
rap: rap
hip-hop: hip hop
trance: trance
ambient: ambient
country: country
folk: folk
gospel: gospel
tango: tango
samba: samba
salsa: salsa
swing: swing
punk: punk
elektro: electronic
synth: synth
bass: bass
drum: drum
cello: cello
piano: piano
banjo: banjo
sitar: sitar
horn: horn
tuba: tuba
chor: choir
akustik: acoustic
instrumental: instrumental
party: party
club: club
schlaf: sleep
traum: dream
lauten: lute
lern: study
trauer: mourning
natur: nature
hintergrund: background
wind: wind
lounge: lounge
bar: bar
salon: salon
militär: military
marsch: march
weltraum: space
horror: horror
videospiel: video game
computer: computer
"""

SECOND_HALVES: Final = """
musik: music
solo: solo
soli: solos
song: song
songs: songs
band: band
beat: beat
beats: beats
sound: sound
sounds: sounds
spiel: playing
spieler: player
spielerin: player
linie: line
lauf: run
riff: riff
riffs: riffs
trio: trio
konzert: concerto
groove: groove
piano: piano
bass: bass
jazz: jazz
rock: rock
pop: pop
metal: metal
punk: punk
party: party
club: club
gruppe: group
abend: evening
"""

SHARED: Final = """
alt an am also bad band bar bass beat brutal becken bald blues bach berg chor club dem den der des
die digital disco dom drum drums dur fast fest feier feuer fett film folk frau funk ganz gut hall
hart held hell hip horn house hund im in instrument jazz kind klar lang laute lied live man mann
menge metal mild modern morgen motor neu not oder pop punk rap rede rock rund see sentimental soul
sound spiel stern still synthesizer tag takt techno text ton uhr um was wild warm wind winter zug
zum klein mit nach auf aus bei von es so texte zart simple thin improvisation ensemble harmonie
meditation konzentration oboe strand analog karneval instrumental oratorium intim kapelle fanfare
choral triumphal moll angst
"""
"""German words that mean something else, or the same, in other languages or in names: they are
translated only beside a word that is German for sure."""
