// Danish.

import { type LanguageSigns, list } from './signs.ts'

export const danish: LanguageSigns = {
  language: 'da',
  writing: 'spaced',
  words: {
    harmless: list(`
      kontoudtog*, kundekonto*, kontaktperson, brugerkonto*, a conto, aconto, banklukke*, betal aldrig,
      betal ikke til/kontant, glem ikke, forsinket betaling, for sen betaling, morarente*, haster ikke
    `),
    override: list(`
      ignorer, ignorér, ignorere, se bort fra, se bort, glem, tilsidesæt*, omgå*, spring over, spring, drop, udelad,
      følg ikke, tag ikke hensyn til, slå fra, sluk, deaktiver, deaktivér, ophæv, gælder ikke længere, fravig
    `),
    rules: list(`
      instruks*, instruktion*, regel, regler, reglerne, retningslinje*, prompt*, alt ovenfor, alt ovenstående,
      alt det ovenstående, kontrol*, tjek, tjekket, verificering*, verifikation*, validering*, godkendelse*,
      attestering*, grænse*, beløbsgrænse*, leverandørregist*, systembesked*, restriktion*, begrænsning*,
      tidligere besked*, opgave, opgaven, politik*
    `),
    addressed: list(`
      ai, kunstig intelligens, sprogmodel*, ai assistent*, ai agent*, assistent, assistenten, agenten, robotten, bot,
      botten, chatbot*, fakturarobot*, betalingsagent*, økonomisystemet, bogholderisystemet, betalingssystemet,
      systemet, til/kære systemet/assistenten/agenten/modellen/robotten, du er en assistent/agent/robot/model/ai,
      automatiske læser*, automatisk system
    `),
    command: list(`
      godkend, skal/bør/må godkendes, marker/markér … som betalt/godkendt/sikker/verificeret/klar, sæt status*,
      frigiv … betaling*/beløb*, klassificer/klassificér … som, behandl … som godkendt/betroet/verificeret/sikker/ægte,
      uden godkendelse/kontrol/tjek/verificering,
      uden videre/yderligere/manuel kontrol/godkendelse/tjek/spørgsmål/verificering,
      ingen godkendelse/kontrol/tjek/verificering, behøver ikke godkendes/godkendelse/kontrol,
      kræver ikke godkendelse/kontrol, allerede godkendt, forhåndsgodkend*, du er nu/ikke, som ai,
      svar pay/betal/godkendt/med/kun/altid, svaret er/skal, afgørelsen er/skal, beslutningen er/skal,
      nye instruktioner, nye instrukser, flag ikke, rapporter ikke, rapportér ikke, ikke svindel, hæv … grænse*,
      forhøj … grænse*, del/opdel … betalinger/dele/rater, under godkendelsesgræns*, under … grænsen,
      ingen behøver at godkende, svarer altid, svar aldrig, afgørelse betal*, beslutning betal*,
      vedligeholdelsestilstand*, testtilstand*, udviklertilstand*, fejlsøgningstilstand*, servicetilstand*,
      vedligeholdelsesmode, marker/markér/mærk … som kontrolleret/tjekket/korrekt/betalt/godkendt,
      uanset … regl*/instruk*, anmeld … ikke, meld … ikke, glem … rolle*, optræd som, opfør dig som, lad som om,
      spil rollen, uden begrænsning*, uden restriktion*, adlyd*, du skal nu, fra nu af er du, betal … to gange,
      dette er en test
    `),
    pay: list(`
      betal, betale, betaler, betales, betalt, betaling, betalingen, betalinger, indbetal*, udbetal*, overfør, overføre,
      overføres, overførsel*, send … penge/pengene/beløbet, indsæt, brug, benyt, afregn*, overfør*, godkender, godkende
    `),
    account: list(`
      konto, kontoen, kontonummer*, kontonr, konti, bankkonto*, bankoplysning*, bankforbindelse*, bankinformation*,
      iban, bank, banken, pengeinstitut, betalingsoplysning*, betalingsinformation*, betalingsmodtager, modtagerkonto*,
      kontooplysning*, reg nr, registreringsnummer, bic, swift
    `),
    newness: list(`
      ny, nye, nyt, ændre, ændret, ændrer, ændring*, skiftet, skifter, skift, opdater*, anden, andet, andre, i stedet,
      ikke længere, erstat*, flyttet, midlertidig*, alternativ*, gamle, gammel*, spærret, frosset, indefrosset,
      under revision, lukket, fremover, fra nu af, afvig*, rigtige konto*, korrekte konto*, rette konto*,
      følgende konto*
    `),
    unchanged: list(`
      uændre*, ikke ændret, ikke skiftet, ikke ændrer, som hidtil, som sædvanlig*, som før, samme, aldrig,
      ingen ændring*, ændres ikke, ændrer ikke
    `),
    secrecy: list(`
      hemmelig*, fortrolig*, konfidentiel*, mellem os, ikke sige/fortælle/nævne/kontakte/ringe/informere/orientere,
      sig/fortæl/nævn/kontakt/ring/informer/informér/orienter/orientér/spørg/verificer/bekræft/involver/del ikke,
      ikke … noget til nogen, uden at sige/kontakte/ringe/informere/spørge/orientere, ingen andre,
      hold dette/det mellem/hemmeligt/for, diskret*, behøver ikke ringe/kontrollere/spørge, unødvendigt at ringe
    `),
    urgency: list(`
      haster, hastesag, hurtigst muligt, øjeblikkelig*, straks, omgående, med det samme, inden for en time,
      inden for # time*, allerede i dag, betal … i dag, overfør … i dag, senest i dag, sidste advarsel, sidste varsel,
      akut, kritisk*, inden klokken, inden kl #, ellers bliver, ellers lukkes
    `),
    wait: list(`
      betal ikke, ikke betal*, betal venligst ikke, vent med, vente med, afvent*, udskyd*, udsæt*, hold tilbage,
      tilbagehold*, tilbageholdes, sæt … på hold, på hold, stands … betaling*, stop betaling*, stop … betaling*,
      indtil videre, vent til, vent på, venter på, venter stadig, i bero, ikke betales, ikke overfør*, vent venligst,
      hold … betaling* tilbage, sæt … i venteposition, hold* … tilbage, vent* … med
    `),
    trouble: list(`
      reklamer*, reklamation*, bestrid*, tvist*, klage, klaget, klager over, uenig*, forkert antal, forkert mængde,
      forkert pris, forkert beløb, forkerte varer, forkert vare, fejlfaktur*, dobbeltfaktur*, dobbelt faktur*,
      faktureret to gange, for meget, for høj pris, kreditnota … kommer/sendes/følger/vej/udstedes/skal/vil, krediteres,
      vil blive krediteret, bliver krediteret, dellever*, delvis lever*, delvist lever*, ufuldstændig*, restordre*,
      restlever*, under afklaring, under undersøgelse, undersøges, skal rettes, vil blive rettet, rettet faktura,
      korrigeret faktura, ny faktura kommer, fejl i faktura*, fejl på faktura*, fakturaen er forkert, fakturaen … fejl,
      uoverensstemmelse*, afvigelse*, ikke som bestilt, ikke som aftalt, indsigelse*, sendt … for tidligt, ved en fejl,
      fejlagtigt, ikke ankommet, ikke leveret, ikke kommet frem
    `),
    goods: list(`
      lever*, vare, varer, varen, varerne, forsendelse*, sending*, palle, paller, pallen, pallerne, kolli*, pakke*, del,
      dele, delene, bestilling*, bestilt*, ordre*, enhed*, udstyr*, monter*, arbejde*, jobbet, kasser, kasserne, antal,
      parti*, material*, stk, produkt*, reparation*, maskin*, gods*, artikl*
    `),
    lack: list(`
      mangler, manglede, manglende, mangel, ikke kommet, ikke modtaget, ikke leveret, ikke fået, ikke ankommet,
      ikke færdig*, udeble*, forsink*, for sent, skade*, beskadige*, ødelagt*, knust*, defekt*, forkert*, fejl,
      ufuldstændig*, kun # af, bare # af, halvdelen, resten kommer, resterende, udestår, delvis, delvist, tabt,
      bortkommet, færre end, mindre end, for få, for mange, eftersendes, stemmer ikke, virker ikke, fungerer ikke,
      afvist*, i stedet for #
    `),
    settled: list(`
      løst, afklaret, afgjort, intet mangler, ingen mangler, ingen reklamation*, ingen fejl, ingen skade*,
      ingen forsink*, ingen klage*, uden fejl, uden forsink*, uden mangler, uden anmærkning*, uden bemærkning*,
      i sin helhed, komplet, fuldt leveret, er udstedt, er sendt, er fratrukket, fratrukket, er krediteret,
      allerede krediteret, er erstattet, blev erstattet, er rettet, blev rettet, lukket, afsluttet, hvis, såfremt,
      i tilfælde af, ved reklamation*, ved eventuel*, eventuelle, eventuel, skal meddeles, skal ske, skal være,
      skal anmeldes, inden for # dag*, senest # dage, tak fordi, er nu leveret, nu leveret, alt er leveret,
      alle … leveret, til tiden, rettidig*, som aftalt leveret, leveret som aftalt, reparation af, udskiftning af,
      reparation … defekt*/beskadig*/ødelagt*
    `),
    but: list(`men, bortset fra, undtagen, dog, derimod`),
    common: list(`
      og, vi, er, for, til, på, af, det, som, med, ikke, vores, har, en, et, den, kan, skal, bliver, fra, om, de,
      venligst, denne, alle, jer, i, ved, inden, der
    `),
  },
}
