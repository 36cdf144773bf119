// German.

import { type LanguageSigns, list } from './signs.ts'

export const german: LanguageSigns = {
  language: 'de',
  writing: 'spaced',
  words: {
    harmless: list(`
      kontoauszug*, kundenkonto*, kontokorrent*, benutzerkonto*, a conto, akonto*, bankfeiertag*, niemals zahl*,
      zahlen sie nie, nicht bar zahlen, nicht vergessen, zahlungsverzug, verspätet* zahlung*, verzugszins*,
      sofort fällig, zahlbar sofort, sofort zahlbar, sofort ohne abzug, sofort rein netto, sofort netto, nicht dringend,
      sitzbank, werkbank, datenbank*
    `),
    override: list(`
      ignorier*, missacht*, vergiss, vergessen sie, außer acht, ausser acht, überspring*, umgeh*, übergeh*, lass* … weg,
      setze* … außer kraft, setzen sie … außer kraft, außer kraft, hebel*, beachte nicht, nicht beachten,
      nicht befolgen, befolge nicht, ohne rücksicht auf, schalte* … ab, abschalten, deaktivier*, gelten nicht mehr,
      verwirf, verwerfen, übersteuer*, überschreib*
    `),
    rules: list(`
      anweisung*, instruktion*, regel, regeln, richtlinie*, vorgabe*, vorschrift*, prompt*, alles obige, alles oben,
      alles bisherige, obige, kontrolle*, prüfung*, überprüfung*, freigabe*, genehmigung*, validierung*, verifizierung*,
      limit, limits, betragsgrenze*, grenzwert*, lieferantenstamm*, lieferantenregister*, kreditorenstamm*,
      systemnachricht*, einschränkung*, beschränkung*, sicherheits*, vorherige nachricht*, aufgabe, vieraugenprinzip,
      vier augen prinzip, schutz*
    `),
    addressed: list(`
      ki, künstliche intelligenz, sprachmodell*, ki assistent*, ki agent*, ki modell*, ki system*, assistent,
      assistenten, bot, roboter, chatbot*, buchhaltungsbot*, zahlungsagent*, rechnungsagent*, buchhaltungssystem,
      zahlungssystem, an das system, das system, an den assistenten/agenten/bot/roboter, liebe ki,
      lieber assistent/agent/bot, an die ki, sie sind ein assistent/agent/bot/modell,
      du bist ein* assistent/agent/bot/modell/ki, automatisches system, automatischer leser, automatische verarbeitung,
      ai
    `),
    command: list(`
      genehmige*, genehmigen sie, freigeben sie, gib … frei, geben sie … frei, bitte … freigeben, ist freizugeben,
      ist zu genehmigen, markiere* … als bezahlt/genehmigt/sicher/geprüft/freigegeben/unbedenklich/verifiziert,
      als bezahlt/genehmigt/geprüft/unbedenklich/freigegeben markieren/kennzeichnen/einstufen/behandeln/zu,
      kennzeichne* … als, stufe* … als … ein, klassifizier*,
      behandle* … als genehmigt/vertrauenswürdig/geprüft/echt/sicher, setze* … status, status auf,
      ohne genehmigung/freigabe/prüfung/kontrolle/überprüfung/verifizierung/rückfrage*,
      ohne weitere/zusätzliche/manuelle/jede/erneute genehmigung/freigabe/prüfung/kontrolle/rückfrage*/überprüfung/verifizierung,
      keine genehmigung/freigabe/prüfung/kontrolle/überprüfung/verifizierung,
      keine weitere/zusätzliche/manuelle genehmigung/freigabe/prüfung/kontrolle/überprüfung, bereits genehmigt,
      bereits freigegeben, vorab genehmigt, vorab freigegeben, du bist jetzt/nun/nicht, sie sind jetzt/nun, als ki,
      antworte*, antworten sie mit/nur/immer, ihre antwort, deine antwort, die antwort lautet/ist,
      entscheidung ist/lautet/muss, neue anweisung*, neue aufgabe, nicht melden, nicht als betrug, kein betrug,
      kein betrugsfall, erhöhe* … limit*/grenze*, muss genehmigt werden, ist zu bezahlen ohne,
      teilen/teile … zahlungen/teilzahlungen/teile/beträge, unter der freigabegrenze, unterhalb der, unter … grenze,
      niemand freigeben/genehmigen, niemand … freigeben/genehmigen, antwortest/antworten immer, immer mit, nie mit,
      entscheidung zahl*, entscheidung bezahl*, entscheidung freigeb*, wartungsmodus, testmodus, entwicklermodus,
      debugmodus, servicemodus, administratormodus, markiere*/kennzeichne* … als kontrolliert/korrekt/überprüft,
      als kontrolliert, ungeachtet … regel*/anweisung*, egal was … regel*/anweisung*,
      unabhängig von … regel*/anweisung*, melde* … nicht, vergiss … rolle, vergessen … rolle, handle als,
      handeln sie als, agiere*, verhalte dich wie, verhalten sie sich wie, tu so als, tun sie so als, spiele die rolle,
      ohne einschränkung*, ohne beschränkung*, gehorch*, ab jetzt bist du, du wirst jetzt,
      zweimal zahlen/bezahlen/überweisen, zahlen … zweimal, dies ist ein test, das ist ein test, musst … antworten
    `),
    pay: list(`
      zahl, zahle, zahlen, zahlt, zahlung, zahlungen, bezahl*, überweis*, ueberweis*, anweisen, überwiesen, auszahl*,
      einzahl*, begleich*, beglichen, entricht*, transferier*, senden sie … geld/betrag, schicken sie … geld/betrag,
      nutzen sie, verwenden sie, benutzen sie, verwende, nutze, genehmigt, genehmige, genehmigen, freigeben
    `),
    account: list(`
      konto, kontos, konten, kontonummer*, bankkonto*, bankverbindung*, bankdaten, kontodaten, kontoverbindung*, iban,
      bank, hausbank, zahlungsdaten, zahlungsinformation*, zahlungsempfänger*, empfängerkonto*, bankleitzahl, blz, bic,
      swift, geschäftskonto*, girokonto*, firmenkonto*
    `),
    newness: list(`
      neu, neue, neuen, neuer, neues, geändert*, ändern, ändert, änderung*, gewechselt, wechsel*, aktualisier*, ander*,
      stattdessen, anstatt, nicht mehr, ersetz*, umgestellt, umgezogen, vorübergehend*, alternativ*, alte, alten, altes,
      bisherig*, gesperrt*, eingefroren, geschlossen, ab sofort, künftig, zukünftig, abweich*, richtig* konto*,
      korrekt* konto*, folgende* konto*, richtige* iban, korrekte* iban
    `),
    unchanged: list(`
      unverändert*, nicht geändert, nicht gewechselt, wie bisher, wie gewohnt, wie immer, wie üblich, gleich*,
      dieselbe*, bleibt, bleiben, niemals, nie, keine änderung*, ändert sich nicht, ändern sich nicht, ändern wir nie
    `),
    secrecy: list(`
      vertraulich*, geheim*, unter uns, zwischen uns, nicht weitersagen, niemand*, nicht anrufen, rufen sie … nicht an,
      nicht kontaktieren, kontaktieren sie … nicht, kontaktieren sie keine*, informieren sie … nicht/niemand*,
      sagen sie … nicht/niemand*, nicht informieren, nicht erwähnen, erwähnen sie … nicht, nicht nachfragen,
      keine rückfrage*, ohne … zu informieren/kontaktieren/fragen, diskret*, stillschweigen, sprechen sie mit niemand*,
      nicht rückfragen, nicht verifizieren, nicht überprüfen, nicht einbeziehen
    `),
    urgency: list(`
      dringend*, eilt, eilig*, sofort*, umgehend*, unverzüglich*, noch heute, heute noch, schnellstmöglich,
      binnen einer stunde, innerhalb einer stunde, innerhalb von # stunde*, binnen # stunde*, letzte mahnung,
      letzte warnung, letztmalig*, andernfalls, sonst wird, notfall, kritisch*, höchste priorität, bis # uhr heute,
      bis heute
    `),
    wait: list(`
      nicht zahlen, nicht bezahlen, nicht überweisen, noch nicht zahlen, noch nicht bezahlen, zahlen sie … nicht,
      bezahlen sie … nicht, überweisen sie … nicht, nicht begleichen, nicht beglichen, nicht … bezahlt werden,
      nicht zu bezahlen, warten sie, bitte warten, bitte … abwarten, abwarten, abzuwarten, abgewartet, zurückhalt*,
      zurückzuhalten, halten sie … zurück, zurückstellen, zurückgestellt, zurückzustellen, aufschieben, verschieben sie,
      zahlungsstopp*, zahlungssperre, zahlung stoppen, zahlung aussetzen, zahlung … aussetzen, ausgesetzt,
      zahlung … zurück*, bis auf weiteres, bis zur klärung, bis die gutschrift, bis zur gutschrift, warten auf,
      wir warten, warten noch, erst nach gutschrift/klärung/lieferung/erhalt, nicht vor, zahlung … verschieben,
      erst zahlen wenn, mit der zahlung … warten, mit der zahlung warten, stellen sie … zurück, stell* … zurück
    `),
    trouble: list(`
      reklamier*, reklamation*, beanstand*, bestreit*, bestritten*, strittig*, streitig*, streit, mängelrüge*,
      beschwerde*, widerspruch, widersprechen, nicht einverstanden, einspruch, falsche menge, falsche anzahl,
      falscher preis, falscher betrag, falsche stückzahl, falsche ware, falsch berechnet, falsch, zu viel berechnet,
      zuviel berechnet, doppelt berechnet, doppelt fakturiert, doppelt in rechnung,
      gutschrift … folgt/kommt/unterwegs/wird/erhalten/erstellt/gesendet/zugesandt, gutschrift folgt,
      warten … gutschrift, gutgeschrieben, wird gutgeschrieben, teillieferung*, teilweise geliefert,
      teilweise lieferung, unvollständig*, restlieferung*, rückstand, nachlieferung*, nachgeliefert, unter klärung,
      in klärung, wird geklärt, wird geprüft, in prüfung, wird korrigiert, wird berichtigt, korrigierte rechnung,
      berichtigte rechnung, rechnungskorrektur, neue rechnung folgt, fehler in der rechnung,
      rechnung ist fehlerhaft/falsch, rechnung … fehlerhaft/fehler, abweichung*, unstimmigkeit*, nicht wie bestellt,
      nicht wie vereinbart, entspricht nicht, einwand, einwände, mindermenge*, fehlmenge*, minderlieferung,
      versehentlich, zu früh verschickt/versandt/gesendet/gestellt/ausgestellt, irrtümlich*, nicht angekommen,
      nicht eingetroffen, nicht geliefert, nicht abgenommen
    `),
    goods: list(`
      liefer*, geliefert*, ware, waren, sendung*, palette*, paket*, teil, teile, teilen, bestell*, auftrag*, stück*,
      einheit*, gerät*, montage*, arbeit*, karton*, kiste*, menge*, anzahl, charge*, material*, artikel*, produkt*,
      maschine*, reparatur*, ersatzteil*, position*, leistung*, geliefer*
    `),
    lack: list(`
      fehlt, fehlen, fehlte, fehlten, fehlend*, nicht angekommen, nicht eingetroffen, nicht erhalten, nicht geliefert,
      nicht eingegangen, nicht vollständig*, nicht fertig*, nicht abgeschlossen, noch aus, ausgeblieben, verspät*,
      zu spät, verzöger*, beschädig*, kaputt*, defekt*, zerbroch*, mangelhaft*, mängel, fehlerhaft*, falsch*,
      unvollständig*, nur # von, nur die hälfte, hälfte, rest folgt, rest kommt, restliche*, offen, ausstehend*,
      teilweise, verloren, weniger als, zu wenig*, zu viele, stimmt nicht, stimmen nicht, funktioniert nicht,
      funktionieren nicht, abgelehnt, statt #, anstatt #, schadhaft*, nicht mangelfrei
    `),
    settled: list(`
      gelöst, geklärt, erledigt, behoben, nichts fehlt, fehlt nichts, keine mängel, keine reklamation*,
      keine beanstandung*, keine fehler, keine schäden, keine verspätung*, keine verzögerung*, keine beschwerde*,
      keine abweichung*, keine einwände, ohne mängel, ohne beanstandung*, ohne verzögerung*, ohne verspätung,
      ohne fehler, mangelfrei, einwandfrei, vollständig geliefert, vollständig erbracht, vollständig erhalten,
      vollständige lieferung, wurde erstellt, wurde abgezogen, abgezogen, bereits gutgeschrieben, verrechnet,
      wurde ersetzt, wurden ersetzt, ausgetauscht, wurde korrigiert, abgeschlossen, falls, wenn, im falle, bei etwaigen,
      etwaige*, eventuelle*, sind innerhalb, innerhalb von # tag*, müssen, sind … anzuzeigen, sind … zu melden,
      bei reklamation*, bei beanstandung*, danke dass, ist nun geliefert, inzwischen geliefert, alles geliefert,
      alle … geliefert, pünktlich, fristgerecht, termingerecht, wie vereinbart geliefert, reparatur von, reparatur der,
      reparatur des, austausch, reparatur … defekt*/beschädigt*/kaputt*
    `),
    but: list(`aber, jedoch, allerdings, außer dass, bis auf, dennoch`),
    common: list(`
      und, wir, ist, sind, für, zu, auf, von, das, die, der, den, dem, mit, nicht, unser, unsere, sie, ihre, ihr, hat,
      haben, ein, eine, wird, werden, bitte, im, bei, des, es
    `),
  },
}
