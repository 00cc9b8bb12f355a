"""Words that describe a sound when they stand in a sentence, but name none. Tables only.

Nobody asks for music "without striking"; but "a struck wooden bar" is a description, and no title.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = """
playing; played; played on; someone; strummed; strumming; fingerpicking; fingerstyle; picking;
plucked; plucking; bowed; struck; tuned; mallets; muted; sustained; programmed; walking; bamboo;
wooden; ringing; chiming; tinkling; twinkling; jingle; tolling; wind-up; wailing; roaring;
overdriven; crunchy; wobble; acid; sawtooth; modular; sung; sing; vocalist; a cappella; whistled;
rainy; raining; raindrops; rainfall; drizzle; windy; stormy; breeze; gale; howling; surf; seaside;
shore; seashore; crackling; fireplace; bonfire; chirping; tweeting; twittering; songbirds;
nightingale; conversation; spoken; reading; aloud; applauding; ovation; outdoors; weather; natural;
ambience; hissing; rumble; rumbling; humming; buzzing; tempo; unhurried; slowly; leisurely; slower;
downtempo; adagio; largo; lento; quick; quickly; rapid; uptempo; up-tempo; allegro; presto; faster;
hectic; mid-tempo; midtempo; moderate; andante; sharp; shiny; glittering; shimmering; clear; round;
velvety; darkish; booming; boomy; low-pitched; high-pitched; thin; piercing; squeaky; forceful;
blasting; fortissimo; louder; deafening; loudly; faint; pianissimo; softly; quieter; quietly;
subdued; massive; opulent; bare; unaccompanied; minimalist; restful; calming; calmly; chilled; airy;
dreamlike; dream; otherworldly; weightless; heavenly; cloudy; sorrowful; tearful; sadness; elegiac;
unhappy; menacing; spooky; ghostly; threatening; frightening; darker; feel-good; jolly; joyous;
cheery; carefree; whimsical; childlike; light-hearted; comical; cheeky; humorous; pumping; energy;
high-energy; rousing; peppy; violent; raging; ferocious; vicious; monumental; glorious; victorious;
stately; anxious; thrilling; urgent; uneasy; edgy; jittery; loving; lyrical; expressive; passionate;
heartfelt; laid-back; groove; grooving; unamplified; artificial; rhythmical; steady; stamping;
stomping; crackly; vinyl; gramophone; shellac; echoey; spacious; cavernous; saturated; clipped;
dirty; thrash; headbanging; hardrock; indierock; rave; clubbing; nightclub; psytrance; goa;
soundscape; soundscapes; textures; lounge; dixieland; brazilian; caribbean; calypso; mambo; cuban;
merengue; argentine; jamaican; offbeat; shuffle; western; hillbilly; boom bap; chillhop; motown;
slap; sonata; sonatas; concerto; concertos; fugue; counterpoint; toccata; overture; jig; reel;
marching; parade; military; circus; three-four; ballroom; viennese; bedtime; cradle; goodnight;
sleep; asleep; sacred; gregorian; religious; liturgical; psalm; praise; ethnic; asian; exotic;
8-bit; video game; computer game; arcade; retro; retrowave; synthpop; vaporwave; drumless;
background; party; late at night; evening; morning; summer; winter; autumn; spring; rainy day;
coffee; café; cafe; bar; pub; kitchen; cooking; dinner; working; work; study; studying; reading;
driving; road trip; workout; running; yoga; meditation; wedding; funeral; christmas; candlelight;
roof; window
"""

GERMAN: Final = """
spielt; gespielt; jemand; gezupft; gezupfte; gestrichen; gestrichene; geschlagen; gedämpft; hölzern;
hölzernes; klingelt; klingeln; klingende; bimmeln; gebimmel; glockenläuten; aufgezogene; zupfmusik;
gesungen; gesungene; vierstimmig; gepfiffen; pfeift; regnet; regenschauer; platzregen; nieselregen;
windig; windböen; stürmisch; sturmwind; brise; heulender; küste; meeresrauschen; wellen;
geplätscher; knistern; knacken; knisternd; holzfeuer; zwitschern; singvögel; nachtigall; amsel;
unterhaltung; nachrichten; liest; vor; redet; händeklatschen; tosender; wetter; draußen; natur;
zischen; grollen; dröhnen; brummen; summen; gemächlich; bedächtig; gemütlich; verlangsamt; flott;
zügig; rasch; rasend; mittleres; mäßig; glänzend; funkelnd; höhenreich; leuchtend; scharf; rund;
samtig; warmtönend; bassreich; brummend; piepsig; quietschend; schallend; krachend; donnernd;
überlaut; hauchzart; verhalten; kaum; hörbar; leiser; lauter; reichhaltig; karg; einzelnes;
behutsam; idyllisch; luftig; nebelig; traumverloren; traumartig; traurigkeit; betrübt; unglücklich;
unheilvoll; bedrohlich; bedrohliche; gruselig; gruseln; spukhaft; vergnügt; ausgelassen; drollig;
neckisch; schelmisch; spaßig; energie; energievoll; peppig; stampfend; stampfender; treibend;
wütend; brachial; grandios; würdevoll; heldenhaft; spannend; nervös; gehetzt; drängend; aufgeregt;
schmachtend; lyrisch; kuschelig; lässig; geschmeidig; wippend; mitwippen; akustisch; handgemacht;
künstlich; verkratzt; grammophon; schellack; schallplatte; hallig; nachhallend; räumlich;
weiträumig; verzerrt; übersteuert; tanzbar; tanzen; klubsound; klub; disko; diskothek; glitzerkugel;
rave; brasilianisch; karibisch; kubanisch; argentinisch; jamaikanisch; sonate; konzert; fuge;
kontrapunkt; toccata; ouvertüre; marschieren; spielmannszug; zirkus; jahrmarkt; walzertakt;
dreivierteltakt; wiener; wiegenlied; einschlafen; schlafen; gute nacht; geistlich; kirchlich;
gregorianisch; messe; psalm; lobpreis; ethnisch; exotisch; computerspiel; videospiel; spielhalle;
retro; drumlos; hintergrund; party; feier; abend; abends; nachts; morgen; morgens; sommer; winter;
herbst; frühling; regentag; kaffee; café; bar; kneipe; küche; kochen; essen; arbeiten; arbeit;
lernen; lesen; autofahrt; laufen; sport; yoga; meditation; hochzeit; beerdigung; weihnachten;
kerzenschein; lagerfeuer; dach; fenster; strand
"""
