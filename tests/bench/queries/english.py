# ruff: noqa: E501 -- a table, one query a line
"""What English-speaking people type, and which pieces they mean.

More than a third describes sounds, a fifth names: what people come for is what they can describe.
The mix weighs in the total, so the figures are told by kind as well.
"""

from __future__ import annotations

from functools import partial

from tests.bench.queries import truth as t

_q = partial(t.query, "en")

# fmt: off
_SOUND = (
    _q("sound", "calm piano", t.plays("piano"), t.leads("piano"), t.calm),
    _q("sound", "someone strumming an acoustic guitar quietly", t.plays("acoustic guitar"), t.leads("acoustic guitar"), t.calm),
    _q("sound", "brutal heavy guitars", t.plays("distorted guitar"), t.leads("distorted guitar")),
    _q("sound", "huge church organ", t.plays("church organ"), t.leads("church organ")),
    _q("sound", "a choir and nothing else", t.plays("choir"), t.leads("choir"), never=t.drums),
    _q("sound", "gloomy strings", t.plays("strings"), t.leads("strings"), t.mood("sad", "dark", "tense")),
    _q("sound", "flute melody, airy and light", t.plays("flute"), t.leads("flute")),
    _q("sound", "twinkly music box for a baby", t.any_of(t.plays("music box"), t.style("lullaby")), t.leads("music box")),
    _q("sound", "accordion in a Paris street", t.plays("accordion"), t.leads("accordion")),
    _q("sound", "just drums, no instruments", t.only_drums),
    _q("sound", "rain on the roof", t.plays("rain"), t.leads("rain")),
    _q("sound", "waves at the beach", t.plays("sea"), t.leads("sea")),
    _q("sound", "birds in the morning", t.plays("birds"), t.leads("birds")),
    _q("sound", "people clapping after a concert", t.plays("applause"), t.leads("applause")),
    _q("sound", "dusty vinyl crackling", t.plays("crackle"), t.leads("crackle")),
    _q("sound", "marimba tune, playful", t.plays("marimba"), t.leads("marimba"), t.mood("playful", "happy")),
    _q("sound", "plucked harp, dreamlike", t.plays("harp"), t.leads("harp"), t.mood("dreamy", "calm", "romantic")),
    _q("sound", "harpsichord like at a royal court", t.plays("harpsichord"), t.leads("harpsichord")),
    _q("sound", "blaring trumpets", t.plays("trumpet"), t.leads("trumpet"), t.no(t.calm)),
    _q("sound", "wobbly synth bass", t.plays("synth bass"), t.leads("synth bass")),
    _q("sound", "floating pads for falling asleep", t.plays("pad"), t.leads("pad"), t.calm),
    _q("sound", "8-bit game tune", t.style("chiptune")),
    _q("sound", "four to the floor club banger", t.plays("electronic drums"), t.lively),
    _q("sound", "a fiddle playing by itself", t.plays("violin"), t.leads("violin"), never=t.drums),
    _q("sound", "vibraphone, late at night", t.plays("vibraphone"), t.leads("vibraphone")),
    _q("sound", "church bells ringing", t.plays("church bells"), t.leads("church bells")),
    _q("sound", "old electric piano, mellow", t.plays("electric piano"), t.leads("electric piano"), t.no(t.lively)),
    _q("sound", "lonely clarinet", t.plays("clarinet"), t.leads("clarinet"), never=t.drums),
    _q("sound", "howling wind", t.plays("wind"), t.leads("wind")),
    _q("sound", "steady hiss, white noise for sleeping", t.plays("noise"), t.leads("noise")),
    _q("sound", "congas and hand percussion", t.plays("hand drums"), t.leads("hand drums")),
    _q("sound", "strings being plucked, not bowed", t.plays("pizzicato"), t.leads("pizzicato")),
    _q("sound", "angry loud metal", t.style("metal")),
    _q("sound", "smoky jazz club", t.style("jazz")),
    _q("sound", "roots reggae from Jamaica", t.style("reggae")),
    _q("sound", "frantic breakbeats at the jungle rave", t.style("drum and bass")),
    _q("sound", "glittering seventies dance floor", t.style("disco")),
    _q("sound", "Brazilian beach cafe music", t.style("bossa"), half=t.style("latin")),
    _q("sound", "passionate Argentine dance", t.style("tango")),
    _q("sound", "soldiers parading with brass", t.style("march music"), half=t.plays("brass")),
    _q("sound", "ballroom, one two three one two three", t.style("waltz")),
    _q("sound", "twangy country with train beat", t.style("country")),
    _q("sound", "slap bass and horns, funky", t.style("funk")),
    _q("sound", "retro synths driving at night", t.style("synthwave"), half=t.leads("lead")),
    _q("sound", "uplifting euphoric trance", t.style("trance")),
    _q("sound", "laid-back beats to study to", t.style("lofi"), half=t.style("hip hop")),
    _q("sound", "praise singing on a Sunday with organ", t.style("gospel"), half=t.plays("choir")),
)
_NAME = (
    _q("name", "Ferrum Choir", t.by("Ferrum Choir")),
    _q("name", "the copper wives", t.by("The Copper Wives")),
    _q("name", "The If", t.by("The If")),
    _q("name", "TOLD everybody waits", t.by("T.O.L.D."), t.title("Everybody Waits")),
    _q("name", "t.o.l.d.", t.by("T.O.L.D.")),
    _q("name", "KDK", t.by("K/D/K")),
    _q("name", "Marina Soholt", t.by("Marina Søholt")),
    _q("name", "nils orsted", t.by("Nils Ørsted")),
    _q("name", "odel marcheti", t.any_of(t.by("Odell Marchetti Trio"), t.by("Odell Marchetti"))),
    _q("name", "Odell Marchetti Trio Blue Staircase", t.by("Odell Marchetti Trio"), t.album("Blue Staircase")),
    _q("name", "Silent Drums", t.by("Silent Drums")),
    _q("name", "banjo not a banjo", t.by("Banjo"), t.album("Not a Banjo")),
    _q("name", "winston grav", t.by("Winston Gravy")),
    _q("name", "Ernesto Vlademar", t.by("Ernesto Valdemar")),
    _q("name", "slow boat to kingston town", t.title("Slow Boat to Kingston Town"), half=t.album("Slow Boat")),
    _q("name", "the ferrymans daughter", t.title("The Ferryman's Daughter")),
    _q("name", "Rainy Piano Ferrum Choir", t.title("Rainy Piano"), half=t.by("Ferrum Choir")),
    _q("name", "Sunset Over Sector 9 vector harbour", t.title("Sunset Over Sector Nine"), half=t.by("Vector Harbour")),
    _q("name", "Live at the Nickel", t.album("Live at the Nickel")),
    _q("name", "automatic weather", t.album("Automatic Weather")),
    _q("name", "sleepy cartografer", t.by("Sleepy Cartographer")),
    _q("name", "Hank Delaware Truck Stop", t.by("Hank Delaware"), t.album("Truck Stop Hymns")),
    _q("name", "ultima esquina", t.title("Última Esquina"), half=t.album("Esquina")),
    _q("name", "yuki tanabe 雨の庭", t.by("Yuki Tanabe"), t.any_of(t.album("雨の庭"), t.title("雨の庭"))),
    _q("name", "gloria vantage mirrorball", t.by("Gloria Vantage"), t.album("Mirrorball")),
    _q("name", "folded paper boats from every letter", t.says("folded paper boats")),
    _q("name", "binaural field recording", t.says("binaural")),
)
_TAG = (
    _q("tag", "genre: jazz", t.tagged("jazz")),
    _q("tag", "tagged as Bossa Nova", t.tagged("bossa nova")),
    _q("tag", "Synthpop", t.any_of(t.tagged("synthpop"), t.style("synthwave"))),
    _q("tag", "deep house", t.any_of(t.tagged("deep house"), t.style("house")), t.tagged("house")),
    _q("tag", "genre blues", t.tagged("blues")),
    _q("tag", "music from the 1950s", t.years(1950, 1959)),
    _q("tag", "80s", t.years(1980, 1989)),
    _q("tag", "late sixties", t.years(1965, 1969), half=t.years(1960, 1969)),
    _q("tag", "songs from 1972", t.years(1972, 1972), half=t.years(1971, 1973)),
    _q("tag", "anything from before 1960", t.years(1900, 1959)),
    _q("tag", "flac files", t.codec("flac")),
    _q("tag", "in the folder Roadtrip 2019", t.below("Roadtrip 2019")),
    _q("tag", "Now and Then Vol 3", t.album("Now and Then, Vol. 3")),
    _q("tag", "field recordings", t.any_of(t.tagged("field recording"), t.plays("nature"))),
    _q("tag", "added in the last 30 days", t.younger(30)),
)
_NUMBER = (
    _q("number", "around 120 bpm", t.bpm(115, 125), half=t.bpm(110, 130)),
    _q("number", "90 bpm", t.bpm(86, 94), half=t.bpm(82, 98)),
    _q("number", "between 60 and 70 bpm", t.bpm(60, 70), half=t.bpm(57, 73)),
    _q("number", "faster than 160 bpm", t.bpm(160, 300), half=t.bpm(150, 160)),
    _q("number", "in A minor", t.key("A minor")),
    _q("number", "key of F# major", t.key("F# major")),
    _q("number", "8B", t.key("C major")),
    _q("number", "Eb major", t.key("Eb major")),
    _q("number", "longer than ten minutes", t.lasts(600)),
    _q("number", "under 2 minutes", t.lasts(0, 120)),
    _q("number", "about 4:30 long", t.lasts(255, 285), half=t.lasts(240, 300)),
    _q("number", "174 bpm", t.bpm(168, 180), half=t.bpm(160, 188)),
)
_MIXED = (
    _q("mixed", "piano without drums", t.plays("piano"), t.leads("piano"), never=t.drums),
    _q("mixed", "80s synth by Vector Harbour", t.by("Vector Harbour"), t.plays("synth"), must=(t.years(1980, 1989),)),
    _q("mixed", "fast jazz with vibraphone", t.style("jazz"), t.plays("vibraphone"), t.fast),
    _q("mixed", "slow piano in a minor key", t.plays("piano"), t.leads("piano"), t.slow, must=(t.in_minor,)),
    _q("mixed", "acoustic guitar from the 60s", t.plays("acoustic guitar"), must=(t.years(1960, 1969),)),
    _q("mixed", "techno at 130 bpm", t.style("techno"), must=(t.bpm(125, 135),)),
    _q("mixed", "disco, but no vocals", t.style("disco"), never=t.voices),
    _q("mixed", "violin in D minor", t.plays("violin"), t.leads("violin"), must=(t.key("D minor"),)),
    _q("mixed", "short lullabies under three minutes", t.style("lullaby"), must=(t.lasts(0, 180),)),
    _q("mixed", "choir music by Cantores Sancti Iodoci", t.by("Cantores Sancti Iodoci"), t.plays("choir")),
    _q("mixed", "calm flute without drums under 5 minutes", t.plays("flute"), t.leads("flute"), t.calm, never=t.drums, must=(t.lasts(0, 300),)),
    _q("mixed", "energetic electronic music from the nineties", t.plays("electronic"), t.lively, must=(t.years(1990, 1999),)),
    _q("mixed", "church organ, at least 8 minutes", t.plays("church organ"), t.leads("church organ"), must=(t.lasts(480),)),
    _q("mixed", "sad strings from before 1990", t.plays("strings"), t.mood("sad"), must=(t.years(1900, 1989),)),
    _q("mixed", "heavy metal from 1985-1995", t.style("metal"), must=(t.years(1985, 1995),)),
    _q("mixed", "pads in A minor as flac", t.plays("pad"), must=(t.key("A minor"), t.codec("flac"))),
    _q("mixed", "funk around 105 bpm", t.style("funk"), must=(t.bpm(100, 110),)),
    _q("mixed", "Magnolia Tuck, something slow", t.by("Magnolia Tuck"), t.slow),
    _q("mixed", "marimba but not too fast, after 2000", t.plays("marimba"), t.leads("marimba"), t.no(t.fast), must=(t.years(2000, 2030),)),
    _q("mixed", "happy accordion waltz", t.plays("accordion"), t.style("waltz"), t.mood("happy", "playful")),
    _q("mixed", "the part where the trumpet comes in, reggae", t.style("reggae"), t.plays("trumpet")),
    _q("mixed", "singing with piano from the 2010s", t.plays("singing"), t.plays("piano"), must=(t.years(2010, 2019),)),
    _q("mixed", "dreamy pads longer than 10 minutes", t.plays("pad"), t.leads("pad"), t.calm, must=(t.lasts(600),)),
    _q("mixed", "something by Clara Weidenbach with only piano", t.by("Clara Weidenbach"), t.leads("piano")),
    _q("mixed", "umbrella songs with guitar", t.called("umbrella"), t.plays("guitar")),
)

# fmt: on
ENGLISH: tuple[t.Labelled, ...] = (*_SOUND, *_NAME, *_TAG, *_NUMBER, *_MIXED)

NOTHING_ENGLISH = (
    "tax return 2019",
    "how to change a bicycle tyre",
    "Wolfhart Pimpernel Quintet",
    "asdf qwertz jkl",
    "quarterly sales report",
    "cheap flights to Oslo",
    "potato salad",
    "wifi password",
)
"""Queries that nothing in the library answers, by sound or by name."""
