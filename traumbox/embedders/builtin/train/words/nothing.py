"""Words for what can't be heard: names, things, offices, ideas."""

from __future__ import annotations

from typing import Final

NOTHING: Final = """
invoice potato tax return password spreadsheet bicycle cucumber mortgage passport dentist
carpet staircase democracy insurance wallpaper sandwich stand yellow purple green
algebra receipt warranty toothbrush kilometre parliament visa dishwasher sofa trousers
tuesday wednesday thursday friday appointment meeting deadline budget printer router wifi
hospital pharmacy aspirin vaccine lawyer contract signature landlord kitchen fridge freezer
tomato onion garlic cheese yoghurt banana apple bread butter recipe pancake spinach rice
shoe sock shirt jacket zipper button laundry detergent vacuum mop bucket ladder hammer
screwdriver plywood concrete cement brick gravel asphalt roundabout parking ticket fine
email address postcode number account balance transfer bank loan interest rate
election minister president senator policy law judge verdict census statistics
geometry chemistry biology molecule oxygen carbon protein enzyme vitamin calcium iron
giraffe elephant hamster goldfish spider beetle mushroom cactus tulip daisy oak maple
amsterdam stuttgart munich london toronto madrid warsaw oslo helsinki sydney
peter michael thomas susan karen julia kevin stefan sabine monika wolfgang uwe heike ingrid
smith johnson miller meyer schmidt schneider fischer weber wagner becker hoffmann schulz
wikipedia google amazon facebook twitter windows linux excel powerpoint outlook python
javascript compiler database backup firmware update cable charger battery socket
opinion theory definition grammar paragraph chapter index appendix footnote dictionary
blueprint diagram sketch painting sculpture museum ticket souvenir postcard suitcase luggage
rechnung kartoffel steuererklärung passwort tabelle fahrrad gurke hypothek reisepass zahnarzt
teppich treppe demokratie versicherung tapete butterbrot gelb lila grün braun orange
quittung garantie zahnbürste kilometer bundestag visum spülmaschine sofa hose socken hemd
dienstag mittwoch donnerstag freitag termin besprechung frist haushaltsplan drucker wlan
krankenhaus apotheke tablette impfung anwalt vertrag unterschrift vermieter küche kühlschrank
tomate zwiebel knoblauch käse joghurt banane apfel brot butter rezept pfannkuchen spinat reis
schuh jacke reißverschluss knopf wäsche waschmittel staubsauger eimer leiter schraube
schraubenzieher sperrholz beton zement ziegel kies asphalt kreisverkehr parkplatz strafzettel
postleitzahl telefonnummer kontostand überweisung kredit zinssatz konto sparbuch miete
wahl minister bundeskanzler gesetz gericht richter urteil volkszählung statistik behörde
geometrie chemie biologie molekül sauerstoff kohlenstoff eiweiß vitamin kalzium eisen
elefant hamster goldfisch spinne käfer pilz kaktus tulpe gänseblümchen eiche ahorn
köln leipzig dresden nürnberg zürich bremen hannover dortmund kassel mannheim augsburg
meinung theorie definition grammatik absatz kapitel anhang fußnote wörterbuch bauplan
skizze gemälde skulptur museum eintrittskarte ansichtskarte koffer gepäck fahrplan gleis
führerschein personalausweis kindergeld rentenbescheid mülltonne heizkostenabrechnung
"""

STRANGE: Final = """
blood pressure table; cordless drill; tenancy agreement; unpaid toll; broadband speed; spare tyre;
cheap kettle; lottery numbers; pension forecast; trip to Vietnam; toner cartridge; curtain rail;
garage door opener; chess openings; sourdough starter; knee surgery; bin day council;
divorce papers; solar panel subsidy; lost wallet; school term dates; unblock a sink;
pregnancy week by week; grout cleaner; gerbil cage; first aid course; loft hatch;
mayonnaise without eggs; gym shoes;
property survey; cruise to Alaska; flu jab; zip codes Texas; lawnmower blade; diesel price;
Leonard Applegarth; Prudence Wetherby; Casimir Dubrovsky; Theodora Finch-Hatton; Ignatius Bloom;
the Pemberton inheritance; Vesuvius eruption date; boiling point of ethanol; the king of
Sweden; barcode scanner; USB hub; monitor bracket; keyboard shortcuts macro; antivirus trial;
forgot username; voucher code; returns label; customer service; unsubscribe; tracking parcel;
plqx vrrd; grmpf tzk; qwop zxcv; mnbv lkjh; blorptag fneezle; hrungl; wexlo brindavu; ttt uuu ppp;
Blutdruck Werte; Akkuschrauber; Mietvertrag Kündigungsfrist; Bußgeldbescheid; Ersatzreifen;
Wasserkocher günstig; Lottozahlen; Rentenauskunft; Einreise Vietnam; Tonerpatrone; Gardinenstange;
Garagentor klemmt; Schacheröffnungen; Sauerteig ansetzen; Knieoperation; Scheidungsantrag;
Photovoltaik Förderung; Geldbeutel verloren; Schulferien Hessen; Abfluss verstopft; Fugenreiniger;
Schwangerschaftswoche; Hamsterkäfig; Erste-Hilfe-Kurs; Dachbodenleiter; Mayonnaise ohne Ei;
Turnschuhe; Grundbuchauszug; Kreuzfahrt Alaska; Grippeimpfung; Dieselpreis; Heizöl bestellen;
Eberhard Zwirnsdorf; Hannelore Quecke; Kasimir Dubrowski; Friedhelm Obermoser; Adelgunde Plötz;
die Erbschaft der Familie Pempel; Ausbruch des Vesuv; Siedepunkt Ethanol; Ministerpräsident
Sachsen; Lesegerät; Bildschirmhalterung; Tastenkürzel Makro; Virenschutz; Benutzername vergessen;
Gutschein; Umtausch; Kundendienst; Newsletter abbestellen; Sendungsverfolgung; Führungszeugnis;
Lohnsteuerjahresausgleich; Schornsteinfeger; Kita-Platz; Biotonne; Elterngeld; Pflegegrad;
Arbeitslosengeld; Hundesteuer; Kfz-Zulassung; Blutspende; Zeckenbiss; Rückenschmerzen; Ohrentropfen;
Apfelkuchen vom Blech; Spargelzeit; Linseneintopf; Rasendünger; Komposthaufen; Tapetenkleister
"""
"""Whole questions that have nothing to do with sound, held back from training: by ``;``."""

LITTLE: Final = """
a an the this that these those it its is are was were be been am has have had do does did
i you he she we they me him her us them my your his our their who what which where when how why
and or but not no non only just without with from to in on at by of for as into out up down over
under all any some too very so than then there here own its like get got
der die das den dem des ein eine einen einem einer eines dieser diese dieses es ist sind war waren
sein bin hat haben hatte ich du er sie wir ihr mich dich ihn uns euch mir dir ihm mein dein unser
wer was welche wo wann wie warum und oder aber nicht kein keine nur ohne mit von vom zu zum zur in
im ins am an auf aus bei beim fur als durch um bis uber unter vor nach so sehr auch noch schon hier
da one two three four five eins zwei drei vier funf man all alle alles viel
"""
"""Words that hold sentences together, without accents: they tell nothing of what is asked for."""
