// Swedish.

import { type LanguageSigns, list } from './signs.ts'

export const swedish: LanguageSigns = {
  language: 'sv',
  writing: 'spaced',
  words: {
    harmless: list(`
      kontoutdrag, kundkonto*, kontaktperson, användarkonto*, a conto, bankfri*, betala aldrig,
      betala inte till/kontant, glöm inte, försenad betalning, sen betalning, dröjsmålsränta, för sen betalning,
      betalas omgående netto, ingen brådska, inte bråttom
    `),
    override: list(`
      ignorera, ignorerar, bortse från, bortse, strunta i, glöm, åsidosätt*, kringgå, hoppa över, skippa, utelämna,
      följ inte, ta inte hänsyn till, stäng av, inaktivera, avaktivera, upphäv, gäller inte längre, frångå
    `),
    rules: list(`
      instruktion*, anvisning*, regel, regler, reglerna, riktlinje*, prompt*, allt ovan, allt ovanför,
      allt som står ovan, kontroll*, granskning*, verifiering*, validering*, godkännande*, attest*, gräns*,
      beloppsgräns*, leverantörsregist*, systemmeddelande*, restriktion*, begränsning*, spärr*, tidigare meddelande*,
      uppgift, uppgiften, policy*
    `),
    addressed: list(`
      ai, artificiell intelligens, språkmodell*, ai assistent*, ai agent*, assistenten, assistent, agenten, roboten,
      bot, botten, chatbot*, fakturarobot*, betalningsagent*, ekonomisystemet, bokföringssystemet, betalsystemet,
      systemet, betalningssystemet, till/kära systemet/assistenten/agenten/modellen/roboten,
      du är en assistent/agent/robot/modell/ai, automatiska läsare*, automatiskt system
    `),
    command: list(`
      godkänn, ska/skall/måste/bör godkännas, markera … som betald/godkänd/säker/verifierad/betald/klar,
      märk … som betald/godkänd/säker, sätt status*, frisläpp … betalning*/belopp*, frigör … betalning*/belopp*,
      klassificera … som, behandla … som godkänd/betrodd/verifierad/säker/äkta,
      utan godkännande/kontroll/granskning/attest/verifiering,
      utan vidare/ytterligare/manuell kontroll*/godkännande/granskning/frågor/attest/verifiering, inget godkännande,
      ingen kontroll/granskning/attest/verifiering, behöver inte godkännas/kontrolleras/granskas, redan godkänd,
      förhandsgodkän*, du är nu/inte, som ai, svara pay/betala/godkänd/med/bara/endast/alltid, svaret är/ska,
      beslutet är/ska/måste, nya instruktioner, flagga inte, rapportera inte, inte bedrägeri, höj … gräns*,
      öka … gräns*, dela upp … betalning*, dela … i flera, under godkännandegräns*, under attestgräns*, under … gränsen,
      ingen behöver godkänna, svarar alltid, svara aldrig, beslut betal*, underhållsläge*, testläge*, utvecklarläge*,
      felsökningsläge*, serviceläge*, administratörsläge*, markera/märk … som kontrollerad/granskad/riktig,
      oavsett … regl*/instruktion*, rapportera … inte, anmäl … inte, glöm … roll*, agera som, uppträd som, låtsas,
      spela rollen, utan begränsning*, utan restriktion*, lyd, lyder, du ska nu, från och med nu är du,
      betala … två gånger, detta är ett test
    `),
    pay: list(`
      betala, betalar, betalas, betald, betalt, betalning, betalningen, betalningar, inbetal*, utbetal*, överför,
      överföra, överförs, överföras, överföring*, skicka … pengar/pengarna/beloppet, sätt in, använd, använda, erlägg*,
      reglera, insätt*, överför*, godkänner, godkänna
    `),
    account: list(`
      konto, kontot, kontonummer, kontonr, bankkonto*, bankuppgift*, bankinformation, bankförbindelse*, bankgiro*,
      plusgiro*, iban, bank, banken, betaluppgift*, betalningsuppgift*, betalningsinformation, betalningsmottagare,
      mottagarkonto*, kontouppgift*, bic, swift, clearingnummer
    `),
    newness: list(`
      ny, nya, nytt, ändra, ändrat, ändrats, ändrade, ändring*, byte, bytt, byter, bytte, uppdater*, annan, annat,
      andra, i stället, istället, inte längre, ersätt*, ersatt, flyttat, tillfällig*, alternativ*, gamla, gammal*,
      spärrat, spärrad, fryst, under revision, stängt, hädanefter, från och med nu, avvik*, rätt konto*, korrekt konto*,
      följande konto*
    `),
    unchanged: list(`
      oförändra*, inte ändra*, inte bytt, som tidigare, som vanligt, som förut, samma, aldrig, ingen ändring*,
      inga ändringar, ändras inte, ändrar inte
    `),
    secrecy: list(`
      hemlig*, konfidentiell*, förtrolig*, mellan oss, inte säga/berätta/nämna/kontakta/ringa/informera/meddela,
      säg/berätta/nämn/kontakta/ring/informera/meddela/fråga/verifiera/bekräfta/involvera/dela inte,
      inte … något till någon, utan att säga/kontakta/ringa/informera/fråga/meddela, ingen annan,
      håll detta/det mellan/hemligt/för, diskret*, behöver inte ringa/kontrollera/fråga, tala inte om
    `),
    urgency: list(`
      brådskande, bråttom, brådskar, omedelbart, omedelbar, genast, omgående, snarast, på en gång, inom en timme,
      inom # timm*, redan idag, redan i dag, betala … idag, betala … i dag, senast idag, senast i dag, sista varning*,
      akut, kritisk*, före klockan, före kl #, annars kommer, annars stängs
    `),
    wait: list(`
      betala inte, inte betala*, betala ej, ej betala*, vänta med, avvakta*, inväntar, invänta, skjut upp, uppskjut*,
      håll inne, innehåll … betalning*, håll tillbaka, parkera, stoppa betalning*, stoppa … betalning*, tills vidare,
      vänta tills, vänta på, väntar på, väntar fortfarande, i väntan på, inte betalas, vänligen vänta, på vänt,
      pausa … betalning*, pausa, avvaktan, dröj med, håll*/hålla … inne/tillbaka, vänt* … med
    `),
    trouble: list(`
      reklamer*, reklamation*, bestrid*, bestritt*, tvist*, klagomål, klagat, oenig*, fel antal, fel kvantitet,
      fel pris, fel belopp, fel mängd, fel vara, fel varor, felfaktur*, felaktig*, dubbelfaktur*,
      fakturerats två gånger, dubbelt faktur*, debiterat för mycket, för högt pris,
      kreditfaktura … kommer/skickas/följer/väg/utfärdas/ska, kreditnota … kommer/skickas/följer/väg/utfärdas/ska,
      kommer att krediteras, krediteras, delleverans*, delvis lever*, ofullständig*, restorder*, restnoter*,
      restnotera*, under utredning, utreds, ska rättas, kommer att rättas, korrigerad faktura, rättad faktura,
      ny faktura kommer, fel i fakturan, fel på fakturan, fakturan är fel*, fakturan … fel, avvikelse*,
      inte som beställt, inte som avtalat, invändning*, skickats … för tidigt, av misstag, för tidigt skickad,
      skickades … för tidigt, inte anlänt, inte levererats, inte kommit fram
    `),
    goods: list(`
      lever*, vara, varan, varor, varorna, sändning*, försändelse*, pall, pallar, pallarna, kolli*, paket*, del, delar,
      delarna, beställ*, order*, enhet*, utrustning*, monter*, arbete*, jobbet, kartong*, lådor, antal, parti*,
      material*, st, produkt*, reparation*, maskin*, gods*, artikl*, artikel
    `),
    lack: list(`
      saknas, saknades, saknar, saknade, inte kommit, inte mottagit, inte fått, inte levererat*, inte anlänt,
      inte färdig*, inte klar*, ej levererat*, ej mottagit, ej fått, ej kommit, uteblev, uteblivit, försena*, för sent,
      skada*, trasig*, krossa*, defekt*, fel, felaktig*, ofullständig*, bara # av, endast # av, hälften, resten kommer,
      resterande, återstår, återstående, delvis, förlorad*, borta, färre än, mindre än, för få, för många, stämmer inte,
      fungerar inte, avvisad*, i stället för #, istället för #, brist*
    `),
    settled: list(`
      löst, utredd, avgjord, inget saknas, ingenting saknas, inga reklamation*, inga fel, inga skador, inga förseningar,
      ingen försening, ingen reklamation, inga klagomål, utan fel, utan försen*, utan anmärkning*, utan brister,
      i sin helhet, komplett, fullständig leverans, har utfärdats, har skickats, är avdragen, har dragits av,
      dragits av, har krediterats, redan krediterat*, har ersatts, ersattes, har rättats, avslutat, avslutad, om,
      vid eventuell*, eventuell*, ska göras, måste göras, skall göras, anmälas, inom # dag*, tack för att,
      har nu levererats, nu levererat*, allt levererat*, alla … levererats, i tid, enligt avtal, reparation av, byte av,
      utbyte av, reparation … defekt*/skad*/trasig*
    `),
    but: list(`men, förutom, utom, däremot, dock`),
    common: list(`
      och, vi, är, för, till, på, av, det, som, med, inte, vår, vårt, ni, har, en, ett, den, kan, ska, blir, från, om,
      de, vänligen, denna, alla, er, vid
    `),
  },
}
