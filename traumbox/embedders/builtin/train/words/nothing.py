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
