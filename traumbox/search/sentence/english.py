"""English words for sounds, told apart by what may be done with them. Tables only."""

from __future__ import annotations

from typing import Final

PLAYED: Final = """
piano; pianos; pianist; keyboard; keyboards; keys; harpsichord; celesta; glockenspiel; music
box; bell; bells; church bells; chimes; vibraphone; vibes; marimba; xylophone; kalimba; steel
drums; organ; church organ; hammond organ; hammond; accordion; bandoneon; harmonica; harmonium;
melodica; guitar; guitars; guitarist; acoustic guitar; electric guitar; distorted guitar; guitar
solo; guitar solos; slide guitar; lap steel; pedal steel; ukulele; mandolin; banjo; lute;
zither; sitar; koto; harp; bass; bass guitar; double bass; upright bass; synth bass; sub bass;
bass line; violin; violins; fiddle; viola; cello; cellos; strings; string section; string
quartet; pizzicato; orchestra; brass; horns; horn section; trumpet; trumpets; trombone; tuba;
horn; french horn; flugelhorn; fanfare; saxophone; saxophones; sax; oboe; bassoon; clarinet;
flute; flutes; recorder; piccolo; pan flute; whistle; whistling; woodwind; woodwinds; bagpipes;
didgeridoo; synth; synths; synthesizer; synthesizers; synthesiser; pads; pad; arpeggio;
electronics; samples; theremin; mellotron; rhodes; moog; electric piano; drums; drum; drum kit;
drum machine; drum solo; drumming; drummer; percussion; beat; beats; bassline; hi-hat; hi-hats;
cymbals; snare; kick drum; tambourine; shaker; claps; handclaps; hand drums; congas; bongos;
tabla; djembe; timpani; cowbell; castanets; triangle; gong; turntables; scratching; riff; riffs;
solo; instruments; chords; melody; rhythm
"""

VOICES: Final = """
vocals; vocal; singing; singer; singers; voice; voices; lyrics; words; choir; choirs; choral;
chorus; backing vocals; male vocals; female vocals; male voice; female voice; men's choir;
children's choir; male singer; female singer; speech; talking; speaking; spoken word; rap;
rapping; rapper; screaming; shouting; growling; whispering; humming; yodeling; beatboxing;
autotune; auto-tune; chanting; crooning; narration; narrator; laughter
"""

PRODUCTION: Final = """
reverb; echo; distortion; effects; noise; static; hiss; crackle; vinyl crackle; feedback;
electronic drums; wall of sound; low end; treble; fuzz; overdrive; vocoder; applause; audience;
crowd; clapping; cheering
"""

STYLES: Final = """
rock; metal; heavy metal; punk; pop; dance; techno; house; deep house; trance; drum and bass;
dnb; jungle; dubstep; disco; ambient; drone; jazz; swing; bebop; bossa nova; bossa; samba;
latin; salsa; tango; reggae; dub; ska; blues; country; bluegrass; hip hop; hip-hop; trap; lofi;
lo-fi; funk; soul; r&b; classical; baroque; symphony; opera; chamber music; folk; march; waltz;
lullaby; hymn; gospel; world music; chiptune; synthwave; electronic; electronica; edm; electro;
grunge; emo; indie; garage; shoegaze; new age; new wave; gregorian chant; film score;
soundtrack; ballad; ballads; anthem; carol; shanty; flamenco; klezmer; polka; rumba; afrobeat;
idm; breakbeat; industrial; experimental; singer-songwriter; music; schlager
"""

SCENES: Final = """
rain; wind; thunder; storm; thunderstorm; sea; ocean; waves; beach; water; stream; river; fire;
campfire; birds; birdsong; crickets; dog; dogs; cat; forest; nature; footsteps; heartbeat;
clock; silence; engine; train; traffic; bells; dreams; night
"""

QUALITIES: Final = """
slow; fast; bright; brilliant; sparkling; crisp; warm; mellow; muffled; dull; deep; high;
shrill; loud; quiet; soft; silent; hushed; dense; busy; layered; rich; lush; thick; sparse;
minimal; simple; repetitive; lonely; intimate; calm; peaceful; relaxing; relaxed; gentle;
soothing; tranquil; serene; meditative; chill; sleepy; dreamy; ethereal; floating; hazy;
atmospheric; spacey; sad; melancholic; melancholy; mournful; nostalgic; wistful; depressing;
bittersweet; dark; ominous; brooding; sinister; gloomy; scary; eerie; creepy; haunting; moody;
happy; cheerful; joyful; sunny; upbeat; merry; uplifting; playful; funny; quirky; bouncy; silly;
cute; energetic; driving; exciting; lively; dynamic; powerful; intense; wild; aggressive; angry;
furious; brutal; harsh; heavy; hard; noisy; epic; heroic; majestic; cinematic; triumphant;
dramatic; solemn; tense; suspenseful; nervous; restless; romantic; tender; sentimental; sweet;
kitschy; cheesy; groovy; funky; swinging; smooth; cool; acoustic; unplugged; electronic;
synthetic; rhythmic; danceable; scratchy; vintage; reverberant; echoing; distorted; fuzzy;
gritty; instrumental; orchestral; symphonic; percussive; hypnotic; beautiful; soulful; jazzy;
bluesy; folky; poppy; rocky; live; solo; big; small; male; female; oriental; african; indian;
irish; celtic; spanish; french; japanese; medieval; traditional; psychedelic; catchy; weird;
strange; obscure; old; monotonous; commercial; mainstream; techy; bassy
"""

GENERIC: Final = """
music; song; songs; track; tracks; tune; tunes; piece; pieces; something; anything; stuff;
recording; recordings; album; albums; record; records; sound; sounds; hit; hits; version; one;
ones; mix; playlist; musik; lied; lieder; stück; stücke; stücken; titel; aufnahme; aufnahmen;
etwas; was; irgendwas; alben; platte; platten
"""

BOUNDARIES: Final = """
and; or; but; with; without; in; from; by; at; of; for; please; just; only; around; about;
under; over; between; before; after; since; key; to; no; not; played; recorded; added; where;
like; on; as; und; oder; aber; mit; ohne; im; aus; von; vom; bei; für; bitte; nur; um; unter;
über; zwischen; vor; nach; seit; kein; keine; nicht; auf; mal; zum; wie; an
"""
"""What may follow a thing that is complete: after "in A minor", "without drums", "fast"."""
