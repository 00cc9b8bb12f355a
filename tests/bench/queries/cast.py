# ruff: noqa: E501 -- a table, one artist a line
"""Who made the made-up library: artists, what they play, when, and their albums.

All names are invented. Some are hard on purpose: accents, dots, slashes, names that are sounds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artist:
    """``homes`` are what they play: names of styles, ``solo <family>``, "drums", "weather".

    ``pinned`` are titles that their first pieces get; ``years`` is when they were active.
    """

    name: str
    homes: tuple[str, ...]
    years: tuple[int, int]
    german: bool
    albums: tuple[str, ...]
    pinned: tuple[str, ...] = ()


_ROWS = """
Ferrum Choir | metal | 1984-1996 | en | Slag Hymns; The Ninth Furnace | Rainy Piano; Furnace Song
Die Blechtrinker | metal, rock | 1991-2009 | de | Rost und Regen; Werkstor | Werkstor Drei
Graveyard Shift Union | metal, solo distorted guitar | 2003-2019 | en | Overtime; Clocked Out
The Copper Wives | rock | 1968-1977 | en | Barn Door; Copper Wives II | Saddle Creek Morning
Sturmkante | rock, pop | 1982-1993 | de | Kante; Gegen den Wind | Tausend Fenster
Velvet Paraphrase | rock | 1994-2006 | en | Footnotes; Second Draft
T.O.L.D. | rock, pop | 1986-2001 | en | Murmuring; Automatic Weather | Everybody Waits
The If | rock | 1964-1972 | en | Perhaps; Then Again
Marina Søholt | pop | 2008-2022 | en | Glass Season; Tides at Home | Paper Boats
Lena Kühnemund | pop, solo voice | 2011-2023 | de | Zwischen den Zeilen; Blau | Der letzte Bus nach Hause
Halbmond Express | pop, disco | 1975-1983 | de | Nachtzug; Halbmond Express | Gleis Sieben
Tom Ashgrove | pop, solo acoustic guitar | 1997-2012 | en | Kitchen Songs; Ashgrove | Lemon Tree Road
Kassettenkind | synthwave, pop | 1983-1989 | de | Rückspultaste; Chromdioxid | Neonherz
Vector Harbour | synthwave | 1984-1988 | en | Night Ferry; Grid Lights | Sunset Over Sector Nine
Miami Static | synthwave, chiptune | 2012-2023 | en | Palm Interference; Static Drive
Pixelpudding | chiptune | 2005-2018 | de | Endgegner; Zweites Leben | Endgegner
Insert Koala | chiptune | 2009-2021 | en | Continue Screen; Nine Lives Left
Betonliebe | techno | 1993-2008 | de | Kellertür; Bahnhofshalle | Kellertür
Klaus Hartwig | techno, trance | 1995-2010 | de | Strom; Wechselstrom
Null Operator | techno, drum and bass | 2001-2020 | en | No Carrier; Return Zero
Mireille Okafor | house | 1988-2004 | en | Basement Letters; Sunday Club | Hold the Door
DJ Zimtstern | house, disco | 1999-2016 | de | Backofen; Zuckerguss
Aerie Nine | trance | 1997-2007 | en | Altitude; Higher Altitude | Above the Weather
Sonnenwende | trance | 2000-2014 | de | Sommernacht; Wendekreis
Junction Forty | drum and bass | 1994-2005 | en | Ring Road; Contraflow | Contraflow
Rauschwerk | drum and bass, hip hop | 2006-2021 | de | Schaltkreis; Rauschen
Gloria Vantage | disco, funk | 1974-1982 | en | Mirrorball; All Night Gloria | Mirrorball Heart
Les Ballons | disco | 1976-1984 | en | Soirée; Deuxième Soirée
The Greasy Cadillacs | funk | 1969-1979 | en | Under the Hood; Chrome | Grits and Gravel
Funkstille | funk, lofi | 2002-2017 | de | Stille Post; Lauter Leute
Odell Marchetti Trio | jazz | 1956-1968 | en | Blue Staircase; Live at the Nickel | Blue Staircase
Odell Marchetti | jazz, solo piano | 1970-1985 | en | Alone at Last; Late Keys
Karin Wallraff Quartett | jazz, bossa | 1989-2011 | de | Halbschatten; Nach Mitternacht | Regenschirm Blues
Nils Ørsted | jazz | 2004-2020 | en | Fjord Sessions; North of North
Hedvig & the Smokers | jazz, blues | 1961-1975 | en | Ashtray; Last Orders
Blind Otto Pym | blues | 1952-1966 | en | Railroad Ledger; Pym's Blues | Railroad Ledger Blues
Magnolia Tuck | blues, gospel | 1971-1990 | en | Porch Light; Sunday Shoes | Porch Light
Fabiana Teixeira | bossa, latin | 1963-1978 | en | Praia; Varanda | Sombra na Areia
Copa do Sul | bossa | 1998-2015 | en | Domingo; Café Domingo
Orquesta Brillante | latin | 1972-1988 | en | Calor; ¡Otra Vez! | La Vecina
Los Primos del Puerto | latin, reggae | 1995-2013 | en | Malecón; Primos
Ernesto Valdemar | tango, solo accordion | 1947-1962 | en | Milonga Azul; Esquina | Última Esquina
Tangokeller Leipzig | tango | 1996-2018 | de | Kellerlicht; Parkett
Winston Gravy | reggae | 1973-1985 | en | Island Mail; Slow Boat | Slow Boat to Kingston Town
Nordstrand Dub | reggae | 1998-2016 | de | Watt; Ebbe und Flut | Ebbe
Big Ledger | hip hop | 1991-2003 | en | Balance Due; Interest | Balance Due
MC Feierabend | hip hop | 1998-2019 | de | Stechuhr; Überstunden | Stechuhr
Sleepy Cartographer | lofi | 2016-2024 | en | Small Maps; Smaller Maps | Tea and Contour Lines
Kofferradio | lofi | 2015-2024 | de | Mittelwelle; Langwelle
The Mount Olive Voices | gospel, sacred | 1965-1991 | en | Rise Early; River Wide | River Wide
Sister Adah Bright | gospel | 1958-1974 | en | Morning Light; Carry Me
Clara Weidenbach | classical, solo piano | 1978-2005 | de | Klavierstücke; Winterabend | Nocturne in A Minor
Édouard Lamarche | classical, solo woodwind | 1954-1971 | en | Sonates; Divertissements
Quartetto Ventura | classical, solo strings | 1985-2010 | en | Quartets; Late Quartets
Ensemble Cordelia | baroque | 1990-2016 | en | Concerti; Suites | Concerto for the Rain
Hofkapelle Altenburg | baroque | 1967-1988 | de | Festmusik; Tafelmusik | Tafelmusik Nr. 2
Sinfonia Boreal | orchestral | 1979-2012 | en | Northern Symphonies; Saga | Saga of the Ice
Filmorchester Babelsgrund | orchestral, march music | 1959-1984 | de | Große Leinwand; Filmmusik
Cantores Sancti Iodoci | sacred, solo voice | 1982-2009 | en | Vigil; Compline | Ave Lux
Domorganist Pruss | solo organ, sacred | 1964-1990 | de | Orgelwerke; Toccaten | Toccata für leere Bänke
The Larkspur Sisters | folk | 1966-1979 | en | Hedgerow; Milking Songs | The Ferryman's Daughter
Moosbach Zwei | folk, solo accordion | 1988-2007 | de | Hüttenlieder; Bergab
Fiddler's Debt | folk | 1999-2018 | en | Owed; Owed More
Hank Delaware | country | 1957-1973 | en | Dusty Ledger; Truck Stop Hymns | Truck Stop Hymn
Prairie Annie | country | 1987-2008 | en | Fence Line; Gravel Heart
Blaskapelle Unterwiesen | march music | 1971-1999 | de | Festzelt; Zapfenstreich | Unterwiesener Marsch
The Fairground Brass | march music, solo brass | 1962-1980 | en | Carousel; On Parade
Salonorchester Pirouette | waltz | 1955-1974 | de | Ballnacht; Dreivierteltakt | Kaiserin Walzer
Madame Cloche | waltz, solo bells | 1993-2014 | en | Boîte à Musique; Petit Manège
Mother Wren | lullaby | 1985-2020 | en | Pillow Songs; Hush | Hush Now Harbour
Sandmännchens Freunde | lullaby | 1979-2001 | de | Gute Nacht; Sternenzelt
Low Tide Atlas | ambient music, solo synth | 2001-2023 | en | Drift Charts; Soundings | Soundings III
Frostmeer | ambient music | 1996-2018 | de | Eis; Unter dem Eis
Harpa Ló | solo plucked, lullaby | 2005-2019 | en | Strings of Water; Lónið | Strings of Water
Silent Drums | solo bass, solo electric piano | 1999-2015 | en | Quiet Kit; No Sticks
Banjo | solo synth, ensemble | 2010-2022 | en | Not a Banjo; Still Not
Marimba Nord | solo mallets, ensemble | 1992-2013 | de | Holzklang; Stäbe
Palisander | solo acoustic guitar, solo plucked | 1981-2004 | de | Saiten; Sechs Saiten | Mondlicht über Lissabon
Eva-Maria Stösser | solo strings | 1976-1998 | de | Solosuiten; Bogenstriche
Hands of Tarrow | drums, ensemble | 1978-2002 | en | Skin and Wood; Hide
Trommelhaus | drums | 1994-2017 | de | Fell; Doppelschlag | Doppelschlag
Shoreline Archive | weather | 1989-2021 | en | Coast Recordings; Inland Recordings | North Pier at Dawn
Klangarchiv Süd | weather | 1985-2012 | de | Wetter; Orte
The Assembly Line | ensemble | 1988-2008 | en | Shift One; Shift Two
Gemischtes Doppel | ensemble | 1979-2003 | de | Aufschlag; Tiebreak
Yuki Tanabe | ensemble, solo mallets | 2002-2023 | en | Paper Garden; 雨の庭 | 雨の庭
Оркестр Север | ensemble, orchestral | 1974-1995 | en | Зима; Весна | Белая ночь
K/D/K | ensemble, techno | 1990-2011 | en | Slash; Backslash
"""


def _artist(row: str) -> Artist:
    name, homes, years, language, *rest = (cell.strip() for cell in row.split("|"))
    albums, pinned = rest[0], rest[1] if len(rest) > 1 else ""
    first, last = years.split("-")
    return Artist(
        name,
        tuple(home.strip() for home in homes.split(",")),
        (int(first), int(last)),
        language == "de",
        tuple(album.strip() for album in albums.split(";")),
        tuple(title.strip() for title in pinned.split(";") if title.strip()),
    )


CAST: tuple[Artist, ...] = tuple(_artist(row) for row in _ROWS.strip().splitlines())

LYRICS: dict[str, str] = {
    "Paper Boats": "we folded paper boats from every letter that you wrote\nand let the gutter carry them to sea",
    "Der letzte Bus nach Hause": "der letzte Bus fährt leer vorbei\nund wir zählen Laternen bis zum Kanal",
    "Everybody Waits": "everybody waits beneath the yellow clock\ncounting the umbrellas going by",
    "Stechuhr": "die Stechuhr frisst den Morgen auf\nund spuckt den Abend aus",
    "Porch Light": "leave the porch light burning for the prodigal and me",
    "River Wide": "that river wide won't drown my song, hallelujah",
}
"""By title: the words of those that have any."""

COMMENTS: dict[str, str] = {
    "Live at the Nickel": "Recorded live at the Nickel Club, Cleveland, two microphones",
    "Klavierstücke": "Aufgenommen in der Jesus-Christus-Kirche, Bösendorfer Flügel",
    "Coast Recordings": "Binaural field recording, no processing",
    "Rost und Regen": "Vinyl-Überspielung, Originalpressung",
}
"""By album: what the file's comment says."""
