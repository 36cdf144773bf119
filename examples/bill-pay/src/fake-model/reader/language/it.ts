// Italian.

import { type LanguageSigns, list } from './signs.ts'

export const italian: LanguageSigns = {
  language: 'it',
  writing: 'spaced',
  words: {
    harmless: list(`
      estratto conto, per conto di, per conto terzi, tenere conto, tenga conto, conto cliente, account manager, acconto,
      a conto, mai pagare, non pagate in contanti, non pagare in contanti, non dimenticare, non dimenticate,
      ritardo di pagamento, ritardato pagamento, pagamento in ritardo, ritardi di pagamento, interessi di mora,
      non urgente, non è urgente, banca dati, dati di contatto, rendiconto
    `),
    override: list(`
      ignora, ignorate, ignorare, ignori, dimentica, dimenticate, dimentichi, trascura*, tralascia*, salta, saltate,
      saltare, aggira, aggirate, aggirare, bypassa*, disattiva*, disabilita*, non seguire, non seguite,
      non tenere conto, scavalca*, ometti, omettete, omettere, non valgono più, annulla*, disattend*, lascia* perdere
    `),
    rules: list(`
      istruzion*, regola, regole, direttiv*, linee guida, prompt*, tutto quanto sopra, quanto sopra, controllo,
      controlli, verifica, verifiche, convalida, validazion*, approvazion*, autorizzazion*, limite, limiti,
      anagrafica fornitori, registro fornitori, messaggio di sistema, messaggi precedenti, restrizion*, compito,
      politic*, sicurezza
    `),
    addressed: list(`
      ia, ai, intelligenza artificiale, modello linguistico, assistente, assistente ia, assistente ai, agente ia,
      agente ai, all agente, all assistente, al sistema, il sistema, il robot, bot, chatbot*, agente di pagamento,
      agente pagamenti, sistema di pagamento, sistema contabile, sistema automatico, caro assistente/sistema/agente,
      gentile assistente/sistema, lettore automatico, sei un/una assistente/agente/ia/modello
    `),
    command: list(`
      approva, approvate, approvi, approvare … fattura/pagamento, deve essere approvat*, va approvat*,
      autorizza il/la/questo/questa, autorizzate il/la/questo/questa,
      contrassegna … come pagat*/approvat*/sicur*/verificat*, segna … come pagat*/approvat*/sicur*/verificat*,
      contrassegnare … come, segnate … come, classifica … come, tratta … come approvat*/affidabil*/verificat*/legittim*,
      considera … come approvat*/affidabil*/verificat*/legittim*, considera … approvat*, sblocca … pagamento,
      sbloccate … pagamento, senza approvazione/verifica/autorizzazione/controllo/controlli/verifiche/convalida,
      senza ulteriori/altre/altri/nessuna/alcuna/alcun approvazion*/verific*/autorizzazion*/controll*/domande,
      nessuna approvazione/verifica/autorizzazione, nessun controllo, nessuna ulteriore approvazione/verifica,
      non serve approvazione/autorizzazione, non richiede approvazione/verifica/autorizzazione, già approvat*,
      preapprovat*, pre approvat*, sei ora, ora sei, adesso sei, come ia, come ai,
      rispondi pay/pagare/con/solo/soltanto/sempre, rispondere con/solo, rispondete con/solo, la risposta è/deve,
      la tua risposta, la decisione è/deve, la tua decisione, nuova istruzione, nuove istruzioni, non segnalare,
      non è una frode, non è frode, aumenta … limite, alza … limite,
      dividi/dividete/suddividi/suddividete … pagamenti/parti, sotto la soglia, al di sotto, sotto il limite,
      nessuno … approvar*, rispondi sempre, rispondi mai, decisione pagare, decisione paga*, modalità manutenzione,
      modalità di manutenzione, modalità test, modalità sviluppatore, modalità debug, modalità amministratore,
      contrassegna/segna … come controllat*/corrett*, indipendentemente da* … regole/istruzioni,
      a prescindere da* … regole/istruzioni, qualunque cosa dicano, non segnalarla, dimentica/dimentichi … ruolo,
      agisci come, agisca come, comportati come, fingi, finga, fai finta, recita, senza restrizioni, senza limiti,
      obbedisc*, ubbidisc*, d ora in poi sei, da ora sei, paga … due volte, pagate … due volte, questo è un test,
      devi rispondere
    `),
    pay: list(`
      paga, pagate, paghi, pagare, pagato, pagata, pagamento, pagamenti, versa, versate, versare, versamento, bonifico,
      bonifici, bonifica*, trasferi*, trasferimento, invia … denaro/importo/fondi/somma,
      inviate … denaro/importo/fondi/somma, inviare … denaro/importo/fondi/somma, accredit*, utilizza*, usa, usate,
      usare, saldare, saldate, effettua*, approva, approvi, approvare
    `),
    account: list(`
      conto, conti bancari, conto corrente, conto bancario, numero di conto, coordinate bancarie, dati bancari,
      dati di pagamento, informazioni bancarie, iban, banca, beneficiario, bic, swift
    `),
    newness: list(`
      nuovo, nuova, nuovi, nuove, cambiat*, cambiare, cambia, cambio, cambiamento, modific*, aggiorn*, altro, altra,
      invece, al posto, non più, sostitu*, trasferito, spostato, temporane*, provvisori*, alternativ*, vecchi*,
      precedente, bloccat*, congelat*, chius*, d ora in poi, da ora, da oggi, divers*, conto corretto, conto giusto,
      seguente conto, conto seguente
    `),
    unchanged: list(`
      invariat*, non è cambiat*, non sono cambiat*, non cambia, non cambiano, rimane, rimangono, resta, restano,
      lo stesso, la stessa, gli stessi, le stesse, come sempre, come al solito, mai, nessuna modifica,
      nessun cambiamento, come prima
    `),
    secrecy: list(`
      riservat*, segret*, in segreto, confidenzial*, tra noi, fra noi, non dire, non dite, non dica, non chiamare,
      non chiamate, non contattare, non contattate, non telefonare, non informare, non informate, non avvisare,
      non avvisate, non menzionare, non parlarne, non parlatene, non chiedere, non verificare, senza dire,
      senza avvisare, senza informare, senza contattare, senza chiamare, a nessuno, con nessuno, nessun altro,
      discrezione, discret*, inutile chiamare, non coinvolgere, non serve chiamare/verificare
    `),
    urgency: list(`
      urgent*, urgenza, immediat*, subito, al più presto, quanto prima, entro un ora, entro # ore, oggi stesso,
      entro oggi, entro mezzogiorno, ultimo avviso, ultimo avvertimento, altrimenti, in caso contrario, senza indugio,
      critic*, emergenza, entro la giornata
    `),
    wait: list(`
      non pagare, non pagate, non paghi, non pagarla, non ancora pagare, non effettua*, non procedere, non procedete,
      non versa*, non saldare, non saldate, attendere, attendete, attenda, si prega di attendere, aspettare, aspettate,
      in attesa, attendiamo, aspettiamo, sospend*, sospes*, trattenere, trattenete, trattenga, trattenuto, rimanda*,
      rinvia*, differi*, posticipa*, bloccare il pagamento, bloccate il pagamento, blocca il pagamento,
      fermare il pagamento, fino a nuovo avviso, fino a nuova comunicazione, finché, fino al ricevimento,
      fino alla ricezione, fino a quando, non deve essere pagat*, non va pagat*, tenere in sospeso, in sospeso,
      stop pagamento
    `),
    trouble: list(`
      contest*, reclamo, reclami, reclamat*, controversia*, disput*, disaccordo, non siamo d accordo, non concord*,
      lamentel*, quantità errata, quantità sbagliata, quantità non corretta, prezzo errato, prezzo sbagliato,
      importo errato, importo sbagliato, errat*, fatturat* due volte, doppia fatturazione, fatturato in doppio,
      addebitat* in eccesso, nota di credito … seguirà/arriverà/arrivo/emess*/inviat*/sarà/verrà/attesa,
      nota di credito, nota di accredito, sarà accreditat*, verrà accreditat*, verrà stornat*, storno,
      consegna parziale, consegne parziali, parzialmente consegnat*, consegnat* parzialmente, consegnat* solo,
      incomplet*, in corso di verifica, in fase di verifica, sarà corrett*, verrà corrett*, fattura corretta seguirà,
      fattura rettificat*, nuova fattura, errore in fattura, errore nella fattura, errore di fatturazione,
      fattura è errata, fattura … errore, fattura … errata, discrepanz*, non corrispond*, non conform*, difformità,
      obiezion*, per errore, troppo presto, in anticipo per, non è arrivat*, non è ancora arrivat*, non sono arrivat*,
      non sono ancora arrivat*
    `),
    goods: list(`
      consegn*, merce, merci, spedizion*, spedit*, pacco, pacchi, collo, colli, pallet*, bancale, bancali, pezzo, pezzi,
      articol*, ordin*, unità, quantità, attrezzatur*, installazion*, lavor*, prestazion*, servizi*, scatol*, cass*,
      lotto, lotti, material*, prodott*, macchin*, riparazion*, fornitur*, cartoni
    `),
    lack: list(`
      manca, mancano, mancava*, mancante, mancanti, non è arrivat*, non sono arrivat*, non arrivat*, non ricevut*,
      non abbiamo ricevuto, non è stat* consegnat*, non sono stat* consegnat*, non consegnat*, non completat*,
      non terminat*, non finit*, non ancora, in ritardo, ritardo, ritardi, ritardat*, tardiv*, danneggiat*, rott*,
      guast*, difett*, sbagliat*, errat*, incomplet*, solo # di, solo # su, soltanto #, la metà, metà, il resto,
      rimanent*, restante, restanti, parzial*, smarrit*, pers*, meno di, non funziona*, respint*, invece di #, anziché #
    `),
    settled: list(`
      risolt*, definit*, nulla manca, non manca nulla, nessun difetto, nessun reclamo, nessun ritardo,
      nessuna contestazione, nessun danno, nessuna lamentela, senza difetti, senza ritardi, senza ritardo, senza danni,
      senza riserve, per intero, integralmente, consegna completa, completamente consegnat*, è stata emessa, già emessa,
      detratt*, dedott*, già accreditat*, è stato sostituit*, è stata sostituit*, sono stati sostituit*,
      sono state sostituit*, è stato corrett*, è stata corrett*, chius*, se, in caso, eventual*, qualsiasi reclamo,
      qualsiasi contestazione, dovrà, dovranno, devono essere, deve essere comunicat*, entro # giorni, grazie per,
      ora consegnat*, tutto consegnato, nei tempi, puntual*, riparazione di, riparazione del, sostituzione di,
      sostituzione del, riparazione … guast*/rott*/difettos*/danneggiat*
    `),
    but: list(`ma, però, tuttavia, tranne, eccetto`),
    common: list(`
      e, noi, è, sono, per, a, su, di, del, della, il, lo, la, i, gli, le, con, non, nostro, nostra, vostro, ha, hanno,
      un, una, essere, questo, questa, si, che, nel, al, dal
    `),
  },
}
