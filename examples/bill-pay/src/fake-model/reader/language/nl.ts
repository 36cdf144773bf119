// Dutch.

import { type LanguageSigns, list } from './signs.ts'

export const dutch: LanguageSigns = {
  language: 'nl',
  writing: 'spaced',
  words: {
    harmless: list(`
      rekeningoverzicht*, rekeningafschrift*, klantaccount*, accountmanager, account manager, op rekening van,
      rekening houden, gebruikersaccount*, betaal nooit, betaal niet contant/aan, vergeet niet, te late betaling,
      betaling … te laat, geen haast, niet dringend, databank
    `),
    override: list(`
      negeer, negeren, vergeet, omzeil*, sla … over, overslaan, laat … buiten beschouwing, schakel … uit, uitschakelen,
      volg niet, niet volgen, gelden niet meer, geldt niet meer, stel … buiten werking, buiten werking, overschrijf*,
      passeer
    `),
    rules: list(`
      instructie*, regel, regels, richtlijn*, voorschrift*, prompt*, alles hierboven, al het bovenstaande, bovenstaande,
      controle*, verificatie*, validatie*, goedkeuring*, fiattering, limiet*, beperking*, leveranciersregister*,
      leveranciersbestand*, systeembericht*, eerdere bericht*, taak, beleid, beveiliging*
    `),
    addressed: list(`
      ai, kunstmatige intelligentie, taalmodel*, ai assistent*, ai agent*, assistent, agent, bot, robot, chatbot*,
      factuurrobot*, betaalagent*, boekhoudsysteem, betaalsysteem, betalingssysteem, het systeem,
      aan de assistent/agent/bot/robot/ai, beste assistent/agent/bot/ai, je bent een assistent/agent/bot/model/ai,
      u bent een assistent/agent, geautomatiseerd systeem, automatische lezer
    `),
    command: list(`
      keur … goed, goedkeuren, moet … goedgekeurd worden, moet worden goedgekeurd,
      markeer … als betaald/goedgekeurd/veilig/geverifieerd, geef … vrij, classificeer … als,
      behandel … als goedgekeurd/vertrouwd/geverifieerd/veilig/echt, zet … status,
      zonder goedkeuring/controle/verificatie,
      zonder verdere/extra/aanvullende/handmatige goedkeuring/controle/verificatie/vragen,
      geen goedkeuring/controle/verificatie, geen verdere/extra/aanvullende goedkeuring/controle/verificatie,
      reeds goedgekeurd, al goedgekeurd, vooraf goedgekeurd, je bent nu/niet, u bent nu, als ai,
      antwoord met/alleen/altijd/pay/betalen, het antwoord is/moet, de beslissing is/moet, nieuwe instructie*,
      niet markeren, niet melden, geen fraude, verhoog … limiet*, splits/verdeel … betaling*/delen,
      onder de … limiet/grens, niemand … goedkeuren, antwoord altijd, antwoord nooit, beslissing betal*, besluit betal*,
      onderhoudsmodus, testmodus, ontwikkelaarsmodus, debugmodus, servicemodus, beheerdersmodus,
      markeer … als gecontroleerd/correct, ongeacht … regels/instructies, wat … regels ook, meld … niet, vergeet … rol,
      gedraag je als, handel als, doe alsof, speel de rol, zonder beperking*, gehoorza*, vanaf nu ben je,
      betaal … twee keer, betaal … tweemaal, dit is een test
    `),
    pay: list(`
      betaal, betalen, betaalt, betaald, betaling, betalingen, maak … over, overmaken, overgemaakt, overboek*,
      overschrijv*, stort, storten, voldoe, voldoen, stuur … geld/bedrag, gebruik, goedkeurt, goedkeuren
    `),
    account: list(`
      rekening, rekeningnummer*, bankrekening*, bankgegevens, rekeninggegevens, betaalgegevens, betalingsgegevens, iban,
      bank, begunstigde, bic, swift, bankrelatie
    `),
    newness: list(`
      nieuw, nieuwe, gewijzigd*, wijzig*, veranderd*, verander*, bijgewerkt*, ander, andere, in plaats van,
      in plaats daarvan, niet meer, niet langer, vervang*, verhuisd, overgestapt, tijdelijk*, alternatie*, oude,
      geblokkeerd*, bevroren, opgeheven, gesloten, voortaan, vanaf nu, afwijk*, juiste rekening*, correcte rekening*,
      volgende rekening*
    `),
    unchanged: list(`
      ongewijzigd*, niet gewijzigd, niet veranderd, zoals gewoonlijk, zoals altijd, zoals voorheen, dezelfde, hetzelfde,
      blijft, blijven, nooit, geen wijziging*
    `),
    secrecy: list(`
      vertrouwelijk*, geheim*, tussen ons, onder ons, niet bellen, bel … niet, niet contact*, geen contact,
      neem geen contact, niet informeren, informeer … niet, niemand, vertel … niet, vertel niemand, niet vertellen,
      noem … niet, zonder … te informeren/bellen/vragen/overleg*, discreet, stilhouden, niet verifiëren, niet nabellen
    `),
    urgency: list(`
      dringend*, spoed*, haast, onmiddellijk*, onverwijld, meteen, direct betalen, per direct, direct over, vandaag nog,
      nog vandaag, binnen een uur, binnen # uur, zo snel mogelijk, laatste waarschuwing, laatste aanmaning,
      anders wordt, noodgeval, kritiek
    `),
    wait: list(`
      niet betalen, betaal … niet, nog niet betalen, niet te betalen, niet worden betaald, niet betaald worden,
      niet overmaken, wacht met, wachten met, wacht … tot, wacht op, wachten op, wachten nog, afwachten, in afwachting,
      houd … aan, aanhouden, aan te houden, houd … tegen, stel … uit, uitstellen, uit te stellen, opschort*,
      op te schorten, in de wacht, betaalstop, betaling stoppen, betalingsstop, stop … betaling*, tot nader order,
      tot nader bericht, pas betalen na, blokkeer … betaling*
    `),
    trouble: list(`
      klacht*, reclamatie*, reclameren, betwist*, geschil*, oneens, niet eens, bezwaar*, verkeerd aantal,
      verkeerde hoeveelheid, verkeerde prijs, verkeerd bedrag, onjuist*, verkeerde artikelen, dubbel gefactureerd,
      twee keer gefactureerd, te veel berekend, teveel berekend,
      creditnota … volgt/komt/onderweg/wordt/verwacht/gestuurd/verzonden, creditnota volgt,
      creditfactuur … volgt/komt/wordt, wordt gecrediteerd, gecrediteerd worden, deellevering*, gedeeltelijk geleverd,
      gedeeltelijke levering, onvolledig*, nalevering*, nageleverd, backorder*, in onderzoek, wordt onderzocht,
      wordt gecorrigeerd, gecorrigeerde factuur, nieuwe factuur volgt, fout in … factuur, factuur is onjuist,
      factuur klopt niet, afwijking*, niet zoals besteld, niet zoals afgesproken, niet akkoord, per ongeluk,
      te vroeg verstuurd/verzonden, abusievelijk, per vergissing, niet aangekomen, niet geleverd
    `),
    goods: list(`
      lever*, geleverd*, goederen, zending*, pallet*, pakket*, onderdel*, onderdeel, bestel*, order*, stuks, eenhe*,
      apparat*, apparaat, montage*, werk, werkzaamheden, doos, dozen, kist*, aantal*, partij*, materia*, artikel*,
      product*, machine*, reparatie*, hoeveelheid
    `),
    lack: list(`
      ontbreekt, ontbreken, ontbrak*, ontbrekende, mist, missen, niet aangekomen, niet ontvangen, niet geleverd,
      niet compleet, niet klaar, niet afgerond, te laat, vertraag*, vertraging*, beschadig*, kapot*, defect*, gebrek*,
      verkeerd*, fout*, onvolledig*, slechts # van, maar # van, de helft, rest volgt, rest komt, resterende,
      openstaand*, gedeeltelijk*, verloren, kwijt, minder dan, te weinig, te veel, klopt niet, kloppen niet, werkt niet,
      werken niet, geweigerd, in plaats van #
    `),
    settled: list(`
      opgelost, afgehandeld, niets ontbreekt, geen klacht*, geen gebrek*, geen schade, geen vertraging*, geen fout*,
      geen bezwaar*, geen geschil*, zonder gebrek*, zonder vertraging*, zonder schade, volledig geleverd,
      compleet geleverd, volledige levering, is verstuurd, is verrekend, verrekend, reeds gecrediteerd, al gecrediteerd,
      is vervangen, zijn vervangen, werd vervangen, is gecorrigeerd, gesloten, indien, als, bij klacht*, bij eventuele,
      eventuele, dienen, moeten, binnen # dag*, bedankt dat, inmiddels geleverd, nu geleverd, alles geleverd,
      alle … geleverd, op tijd, tijdig, reparatie van, vervanging van, reparatie … defect*/kapot*/beschadig*
    `),
    but: list(`maar, echter, behalve, desondanks`),
    common: list(`
      en, wij, we, is, zijn, voor, te, op, van, het, de, met, niet, ons, onze, u, uw, heeft, hebben, een, wordt, worden,
      gelieve, bij, deze, dit, nog, er
    `),
  },
}
