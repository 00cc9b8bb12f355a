"""Instruments, voices, and the parts of music they play."""

from __future__ import annotations

from typing import Final

INSTRUMENTS: Final = """
klavier, flügel, konzertflügel: piano
pianist, pianistin, klavierspieler: pianist
e-piano, epiano, elektropiano, e-klavier: electric piano
cembalo, cembali, spinett: harpsichord
tasteninstrument: keyboard instrument
tasten: keys
glockenspiel: glockenspiel
spieluhr, spieldose, musikdose: music box
glocke, geläut, geläute: bells
glöckchen, schellen: small bells
kirchenglocke, turmglocke, glockengeläut: church bells
vibraphon, vibrafon: vibraphone
marimbaphon: marimba
xylophon, xylofon: xylophone
stabspiel: mallet percussion
daumenklavier: kalimba
stahltrommel: steel drum
orgel: organ
hammondorgel: hammond organ
kirchenorgel, pfeifenorgel, domorgel: church organ
drehorgel, leierkasten: barrel organ
harmonium: harmonium
akkordeon, ziehharmonika, schifferklavier, quetschkommode, handharmonika: accordion
bandoneon: bandoneon
mundharmonika: harmonica
gitarre, klampfe: guitar
gitarrist, gitarristin: guitarist
akustikgitarre, westerngitarre, wandergitarre: acoustic guitar
konzertgitarre, nylongitarre: classical guitar
e-gitarre, egitarre, elektrogitarre, stromgitarre: electric guitar
gitarrenriff: guitar riff
gitarrenwand: wall of guitars
bassgitarre, e-bass: bass guitar
bässe: basses
kontrabass, kontrabässe, bassgeige, standbass: double bass
subbass: sub bass
geige, violine, fiedel: violin
geiger, geigerin: violinist
bratsche: viola
violoncello, celli: cello
streicher: strings
streichorchester: string orchestra
streichquartett: string quartet
streichinstrument: string instrument
harfe: harp
zupfinstrument: plucked instrument
mandoline: mandolin
zither: zither
saite: strings
trompete: trumpet
trompeter, trompeterin: trumpeter
posaune: trombone
waldhorn, waldhörner, jagdhorn, jagdhörner: french horn
hörner: horns
flügelhorn: flugelhorn
alphorn, alphörner: alphorn
blechbläser, blech: brass
bläser: wind instruments
blasmusik: brass band music
blaskapelle, blasorchester: brass band
fanfare: fanfare
saxophon, saxofon: saxophone
saxophonist, saxofonist: saxophonist
altsaxophon, altsaxofon: alto saxophone
tenorsaxophon, tenorsaxofon: tenor saxophone
oboe: oboe
fagott: bassoon
klarinette: clarinet
bassklarinette: bass clarinet
flöte, querflöte: flute
blockflöte: recorder
panflöte: pan flute
blechflöte: tin whistle
holzbläser: woodwinds
dudelsack, dudelsäcke, sackpfeife: bagpipes
drehleier: hurdy-gurdy
synthesizer, synthie: synthesizer
klangfläche, flächensound, synthesizerfläche, klangteppich: synth pad
schlagzeug: drums
schlagzeuger, schlagzeugerin, trommler: drummer
trommel: drum
trommeln: drums
handtrommel: hand drums
buschtrommel: tribal drums
becken: cymbals
pauke, kesselpauke: timpani
paukenwirbel: timpani roll
trommelwirbel: drum roll
perkussion: percussion
schlagwerk: percussion
rassel: shaker
klanghölzer: claves
tamburin, schellenkranz: tambourine
kuhglocke: cowbell
kastagnette: castanets
drumcomputer, rhythmusmaschine: drum machine
orchester: orchestra
sinfonieorchester, symphonieorchester: symphony orchestra
kapelle: band
instrument: instrument
"""

VOICES: Final = """
gesang: singing
gesänge: chants
stimme: voice
männerstimme: male voice
frauenstimme: female voice
kinderstimme: child's voice
singstimme, gesangsstimme: singing voice
sprechstimme: speaking voice
sänger: male singer
sängerin: female singer
singen, singend, singt, gesungen: singing
chor, chöre: choir
kinderchor: children's choir
knabenchor: boys' choir
männerchor: male choir
frauenchor: female choir
chorgesang: choral singing
mehrstimmig, vielstimmig: polyphonic
sprechgesang: rap
sprecher: male speaker
sprecherin: female speaker
sprechen, spricht, gesprochen, gespräch: speaking
sprache, rede: speech
erzähler: narrator
erzählerin: female narrator
vorlesen: reading aloud
flüstern, flüsternd: whispering
schrei, schreie, schreien, geschrei: screaming
summen, gesumm: humming
pfeifen, gepfiffen: whistling
lachen, gelächter: laughter
weinen: crying
jodler, jodeln: yodeling
arie: aria
text, texte: lyrics
"""

MUSIC: Final = """
musik: music
lied, lieder: song
stück, musikstück: piece
melodie: melody
klang, klänge: sounds
ton, töne: notes
geräusch: sound
akkord: chords
rhythmus, rhythmen: rhythm
takt: beat
basslinie, basslauf, bassläufe: bass line
aufnahme: recording
hintergrundmusik: background music
refrain: chorus
strophe: verse
vorspiel: prelude
zwischenspiel: interlude
harmonie: harmony
improvisation: improvisation
begleitung: accompaniment
spiel: playing
ensemble: ensemble
quartett: quartet
quintett: quintet
duett: duet
moll, molltonart: minor key
dur, durtonart: major key
"""
