// Norwegian, both written forms: bokmål and nynorsk.

import { type LanguageSigns, list } from './signs.ts'

export const norwegian: LanguageSigns = {
  language: 'nb',
  writing: 'spaced',
  words: {
    harmless: list(`
      kontoutskrift*, kontoutdrag, kundekonto*, kontoplan, kontaktperson, ny kundekonto, brukerkonto*, a konto, akonto,
      bankfri*, ikkje/ikke betal* til/kontant/to, betales aldri, betal aldri, ikke glem, ikkje gløym,
      forsinket/forsinka betaling*, forsinkelsesrente*, forfaller straks, betalingsfrist straks,
      ved for sein/sen betaling, for sein/sen betaling, haster ikke, hastar ikkje
    `),
    override: list(`
      ignorer, ignorere, ignorerer, se/sjå bort fra/frå, overse, oversjå, glem, gløym, overstyr*, omgå*, hopp over,
      dropp, droppe, utelat, sett til side, tilsidesett, ikke følg, ikkje følg, ikke ta hensyn til, ikkje ta omsyn til,
      slå av, skru av, deaktiver, opphev, gjelder ikke lenger, gjeld ikkje lenger, fravik
    `),
    rules: list(`
      instruks*, instruksjon*, regel, reglar, reglane, regler, reglene, retningslinje*, ledetekst*, beskjeder, føringer,
      føringar, alt over, alt ovenfor, alt ovanfor, det som står over, kontroll*, sjekk*, verifisering*, validering*,
      godkjenning*, attestasjon*, attestering, grense, grenser, grensene, beløpsgrense*, leverandørregister*,
      leverandørregisteret, systemmelding*, systemprompt*, restriksjon*, begrensning*, avgrensing*, sikkerhet*,
      tidligere melding*, tidlegare melding*, oppgave, oppgåve, oppgaven, oppgåva
    `),
    addressed: list(`
      ki, ai, kunstig intelligens, språkmodell*, ki assistent*, ai assistent*, ki agent*, ai agent*, assistent,
      assistenten, agenten, roboten, bot, boten, chatbot*, regnskapsrobot*, rekneskapsrobot*, fakturarobot*,
      betalingsagent*, fakturaagent*, automatisk leser, automatisk system, økonomisystemet, regnskapssystemet,
      rekneskapssystemet, betalingssystemet, systemet, til/kjære modellen/maskinen/systemet/agent/assistent/robot,
      du er en/ein/ei assistent/agent/robot/modell/ki, maskinen som leser, maskinen som les
    `),
    command: list(`
      godkjenn, godkjend/godkjent uten/utan, skal/må/bør godkjennes, skal/må/bør godkjennast,
      merk … som betalt/godkjent/trygg/verifisert/klarert/godkjend,
      marker … som betalt/godkjent/trygg/verifisert/klarert/godkjend, sett status*, frigi … betaling*/beløp*/faktura*,
      frigjør … betaling*, frigjer … betaling*, klassifiser … som,
      behandle … som godkjent/betrodd/verifisert/trygg/ekte, handsam … som godkjend/trygg,
      uten/utan godkjenning/kontroll/sjekk/attestasjon/verifisering/attestering,
      uten/utan videre/vidare/ytterligere/ytterlegare/manuell kontroll/godkjenning/sjekk/spørsmål/attestasjon/verifisering,
      ingen godkjenning/kontroll/sjekk/verifisering, trenger/treng ikke/ikkje godkjenning/kontroll/godkjennes,
      allerede godkjent, alt godkjend, forhåndsgodkjent, førehandsgodkjend, du er nå/no/ikke/ikkje, som ki,
      svar/svare pay/betal/godkjent/med/bare/berre/alltid, svaret er/skal, avgjørelsen er/skal/må, avgjerda er/skal/må,
      beslutning*n er/skal/må, nye instrukser, ny instruks*, nye instruksjonar/instruksjoner, ikke flagg, ikkje flagg,
      ikke rapporter, ikkje rapporter, ikke svindel, ikkje svindel, autogodkjenn*, hev … grense*, øk … grense*,
      auk … grense*, del/delt/oppdel … betalinger/betalingar/deler/rater, under godkjenningsgrens*, under … grensen,
      ingen trenger/treng å godkjenne, svar alltid, svarer alltid, svarar alltid, alltid svare, svar aldri,
      avgjørelse betal*, avgjerd betal*, beslutning betal*, vedlikeholdsmodus, vedlikehaldsmodus, testmodus,
      utviklermodus, utviklarmodus, servicemodus, feilsøkingsmodus, administratormodus,
      merk/marker … som kontrollert/sjekket/sjekka/klarert/riktig/rett, uansett hva … regl*/instruks*, uansett regl*,
      same kva … regl*, ikke/ikkje meld … svindel, ikke/ikkje merk … svindel, glem/gløym … rolle*, opptre som,
      oppfør deg som, lat som, spill rollen, uten begrensning*, utan avgrensing*, adlyd*, lyd leverandør*,
      du skal nå/no, fra nå av er du, heretter er du, betal … to gonger/ganger, dette er en test av,
      dette er ein test av
    `),
    pay: list(`
      betal, betale, betaler, betalar, betales, betalast, betalt, betaling, betalinga, betalingen, betalinger,
      betalingar, innbetal*, utbetal*, overfør, overføre, overføres, overførast, overføring*,
      send … penger/pengar/pengane/pengene/beløpet/pengane, innbetaling*, gjør opp, gjer opp, bruk, nytt/benytt,
      benyttes, benyttast, overfør*, godkjenn*, godkjenner
    `),
    account: list(`
      konto, kontoen, kontoer, konti, kontonummer*, kontonr, kontoar, bankkonto*, bankforbindelse*, banksamband,
      bankopplysning*, bankdetalj*, bankinformasjon, iban, bank, banken, betalingsinformasjon*, betalingsopplysning*,
      betalingsmottaker, mottakerkonto*, driftskonto*, kontoopplysning*, bic, swift
    `),
    newness: list(`
      ny, nye, nytt, endre, endret, endra, endrer, endring*, byttet, bytta, bytter, byter, bytte, skiftet, skifta,
      skiftar, oppdater*, annen, anna, annet, annan, andre, i stedet, istedenfor, istaden, i staden, ikke lenger,
      ikkje lenger, erstatt*, flyttet, flytta, midlertidig*, mellombels, alternativ*, gammel*, gamle, gamal, sperret,
      sperra, frosset, frose, under revisjon, stengt, heretter, fra nå av, frå no av, avvik*, riktig konto*,
      rett konto*, korrekt konto*, følgende konto*, følgjande konto*, ikke den, ikkje den, ikke står, ikkje står
    `),
    unchanged: list(`
      uendret, uendra, ikke endret, ikkje endra, ikke endra, som før, som vanlig, som vanleg, samme, same, aldri,
      er den samme, ikke byttet, ikkje bytta, ingen endring*, står fast, som tidligere, som tidlegare, endres ikke,
      endrer ikke, endrar ikkje
    `),
    secrecy: list(`
      hemmelig*, hemmeleg*, konfidensiell*, fortrolig*, fortruleg*, mellom oss,
      ikke/ikkje si/fortell/nevn/nemn/ring/kontakt/kontakte/varsle/varsl/informer/spør/del/involver/ringe/bland/snakk/sei/verifiser/bekreft/stadfest/svar,
      ikke … noe til noen, ikkje … noko til nokon, uten å si/varsle/spørre/kontakte/ringe/informere,
      utan å seie/varsle/spørje/kontakte/ringe, ingen andre, hold dette/det mellom/hemmelig/for,
      hald dette/det mellom/hemmeleg/for, i stillhet, diskré*, trenger/treng ikke/ikkje ringe/kontrollere/sjekke/spørre,
      unødvendig å ringe/sjekke/kontrollere
    `),
    urgency: list(`
      haster, hastar, haste*, straks, øyeblikkelig*, omgående, umiddelbart, med en gang, med ein gong, snarest,
      innen en time, innan ein time, innen # time*, innan # tim*, i løpet av timen, i dag ellers, allerede i dag,
      alt i dag, betal* … i dag, overfør* … i dag, senest i dag, seinast i dag, siste advarsel, siste åtvaring,
      siste varsel, akutt, kritisk, før kl #, ellers blir, elles blir, før klokken/klokka
    `),
    wait: list(`
      ikke betal*, ikkje betal*, ikke/ikkje … betales/betalast, vent med, vente med, venter med, avvent*, utsett*,
      hold tilbake, hald tilbake, holdes tilbake, haldast tilbake, hold igjen, hald att, sett … på vent, på vent,
      vennligst vent, ver venleg vent, stans … betaling*, stopp … betaling*, ikke … før kreditnota*, inntil videre,
      inntil vidare, vent til, vente til, venter på/fortsatt på, ventar på, vent på, utsetje*, utsette*, ikke overfør,
      ikkje overfør, ikke gjør opp, betaling … utsettes, betaling … avventes, betaling* vente, la … ligge, lat … liggje,
      hold*/hald* … tilbake/igjen/att, vent* … med
    `),
    trouble: list(`
      reklamer*, reklamasjon*, omtvist*, bestrid*, bestrir, tvist*, uenig*, ueinig*, klage, klaget, klaga, klager på,
      feil antall, feil mengde, feil pris, feil beløp, feil kvantum, feil tal, feil vare*, feilfaktur*,
      fakturert to gonger/ganger, dobbeltfaktur*, dobbelt faktur*, for høy pris, for mye, for mykje, for meget,
      kreditnota … kommer/kjem/sendes/følger/følgjer/vei/utstedes/skal/vil/blir/underveis/ettersendes,
      kreditnota kommer, kreditnota kjem, avventer kreditnota, ventar på kreditnota, kreditnota er på, krediteres,
      vil bli kreditert, blir kreditert, vert kreditert, skal krediter*, dellever*, delvis lever*, delvis levert,
      delvis leveranse, ufullstendig*, restordre*, rest ordre, restleveranse*, manko, mangelfull*, under avklaring,
      under etterforskning, under behandling, skal rettes, vil bli rettet, blir retta, korrigert faktura,
      ny faktura kommer, ny faktura kjem, feil i faktura*, feil på faktura*, fakturaen er feil, fakturaen … feil,
      avvik på/i/mellom, ikke som bestilt, ikkje som bestilt, ikke som avtalt, ikkje som avtalt, innsigelse*, motsegn*,
      sendt … for tidlig/tidleg, ved en feil, ved ein feil, ved en feiltakelse, feilaktig, ikke kommet fram,
      ikke ankommet, ikke levert, ikkje levert, ikkje kome
    `),
    goods: list(`
      lever*, vare, varer, varen, varene, varane, vara, sending*, pall, paller, pallar, pallen, pallene, kolli, pakke*,
      del, deler, delar, delene, delane, bestilling*, bestilt*, tinga, ordre*, enhet*, eining*, utstyr*, monter*,
      arbeid*, jobben, esker, kasser, kassar, antall, parti*, materiell, material*, stk, produkt*, reparasjon*, maskin*,
      gods*, forsendelse*, artikk*
    `),
    lack: list(`
      mangler, manglar, manglet, mangla, manglende, manglande, mangel, ikke kommet, ikkje kome, ikke kommet fram,
      ikke fremme, ikke mottatt, ikkje motteke, ikkje mottatt, ikke levert, ikkje levert, ikke fullført, ikkje fullført,
      ikke ferdig*, ikkje ferdig*, ikke fått, ikkje fått, ikke ankommet, uteble*, uteblitt, forsink*, for sent,
      for seint, skad*, øydelagt, ødelagt, knust*, defekt*, feil, ufullstend*, bare # av, berre # av, kun # av,
      halvparten, resten kommer, resten kjem, gjenstår, gjenstående, står att, delvis, tapt, borte, mindre enn,
      færre enn, for få, for mange, ettersendes, stemmer ikke, stemmer ikkje, ikke samsvarer, fungerer ikke,
      fungerer ikkje, verkar ikkje, virker ikke, avvist, i stedet for #, ustand
    `),
    settled: list(`
      løst, løyst, avklart, avgjort, ingen mangler, ingen manglar, ingenting mangler, ingenting manglar,
      ingen reklamasjon*, ingen feil, ingen skade*, ingen forsink*, ingen klage*, ingen innsigelse*, uten feil,
      utan feil, uten forsink*, utan forsink*, uten mangler, utan manglar, uten anmerkning*, utan merknad*, uten skade*,
      uten avvik, i sin helhet, komplett, fullstendig lever*, er utstedt, er sendt, er trukket fra, trukket fra,
      er kreditert, allerede kreditert, ble erstattet, er erstattet, er rettet, ble rettet, lukket, avsluttet, hvis,
      dersom, om det, ved reklamasjon*, ved eventuell*, eventuelle, eventuell, må meldes, må være, må gjøres,
      må gjerast, skal meldes, må skje, må rettes, bes, innen # dag*, innan # dag*, takk for at, er nå levert,
      er no levert, alt er levert, alle … levert, alt levert, levert som avtalt, i tide, i rett tid, til avtalt tid,
      reparasjon av, utskifting av, bytte av, utbedring av, reparasjon … defekt*/skad*/ødelagt*
    `),
    but: list(`men, bortsett fra, unntatt, likevel, derimot`),
    common: list(`
      og, vi, er, for, til, på, av, det, som, med, ikke, ikkje, vår, vårt, deg, dere, dykk, har, en, ein, et, eit, den,
      kan, skal, vert, blir, fra, frå, om, de, vennligst, me, ved, denne, alle
    `),
  },
}
