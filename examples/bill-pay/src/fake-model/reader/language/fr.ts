// French.

import { type LanguageSigns, list } from './signs.ts'

export const french: LanguageSigns = {
  language: 'fr',
  writing: 'spaced',
  words: {
    harmless: list(`
      relevé de compte, relevés de compte, compte client*, compte rendu, compte tenu, prendre en compte,
      pour le compte de, chargé de compte*, gestionnaire de compte*, responsable de compte*, tenir compte, tenez compte,
      compte utilisateur, jamais payer, ne payez jamais, ne payez pas à/en, n oubliez pas, retard de paiement,
      retards de paiement, paiement en retard, paiement tardif, pas urgent, sans urgence, banque de données, à réception
    `),
    override: list(`
      ignore, ignorez, ignorer, oublie, oubliez, oublier, ne … pas compte des, ne tenez pas compte, ne tiens pas compte,
      faites abstraction, passez outre, passer outre, outrepass*, contourn*, saute, sautez, sauter, désactiv*,
      ne suivez pas, ne suis pas, ne plus suivre, omettez, omets, ne s appliquent plus, annule et remplace, annulez,
      mets de côté, écarte, écartez
    `),
    rules: list(`
      instruction*, consigne*, règle, règles, directive*, prompt*, tout ce qui précède, ci dessus, contrôle, contrôles,
      vérification*, validation*, approbation*, autorisation*, limite*, plafond*, registre … fournisseurs,
      référentiel fournisseurs, message système, restriction*, messages précédents, tâche, politique*, sécurité*,
      garde fou*
    `),
    addressed: list(`
      ia, intelligence artificielle, modèle de langage, modèle de langue, assistant, assistant ia, agent ia, l agent,
      à l agent, à l assistant, au système, le système, le robot, robot, bot, chatbot*, agent de paiement,
      système de paiement, système comptable, système automatique, système automatisé, cher assistant/système/agent,
      lecteur automatique, tu es un/une assistant/agent/ia, vous êtes un/une assistant/agent/ia
    `),
    command: list(`
      approuve, approuvez, doit être approuvé*, à approuver, valide … facture/paiement, validez … facture/paiement,
      valider … paiement, marque* … comme payé*/approuvé*/sûr*/vérifié*/validé*,
      marquez … comme payé*/approuvé*/sûr*/vérifié*/validé*, classe* … comme, classez … comme,
      traite* … comme approuvé*/fiable/vérifié*/légitime, traitez … comme approuvé*/fiable/vérifié*/légitime,
      considère* … comme approuvé*/fiable/vérifié*/légitime/payé*,
      considérez … comme approuvé*/fiable/vérifié*/légitime/payé*, débloque* … paiement, débloquez … paiement,
      sans approbation/validation/vérification/contrôle/autorisation,
      sans autre/aucune/aucun vérification/contrôle/approbation/validation/autorisation/question,
      sans vérification/contrôle/approbation/validation supplémentaire,
      aucune approbation/validation/vérification/autorisation, aucun contrôle, pas besoin d approbation/de,
      déjà approuvé*, déjà validée, préapprouv*, pré approuv*, tu es maintenant/désormais,
      vous êtes maintenant/désormais, en tant qu ia, réponds pay/payer/par/uniquement/seulement/toujours,
      répondez pay/payer/par/uniquement/seulement/toujours, la réponse est/doit, ta réponse, votre réponse doit,
      la décision est/doit, ta décision, nouvelle instruction, nouvelles instructions/consignes, nouvelle consigne,
      ne signale* pas, pas une fraude, augmente* … limite*/plafond*,
      divisez/scindez/fractionnez/divise … paiements/parties/versements, sous le seuil, en dessous du,
      personne … approuver/valider, réponds toujours, répondez toujours, tu réponds, ne réponds jamais, décision payer,
      décision paiement, décision payez, mode maintenance, mode de maintenance, mode test, mode développeur,
      mode débogage, mode administrateur, marque*/marquez … comme contrôlé*/correct*, quelles que soient … règles,
      peu importe … règles/instructions, malgré … règles/instructions, ne … signale* pas, ne la signalez pas,
      oublie*/oubliez … rôle, agis comme, agissez comme, agis en tant, fais comme si, faites comme si, joue le rôle,
      jouez le rôle, comporte toi comme, sans restriction*, sans limite, obéis*, obéit, libère … paiement,
      libérez … paiement, à partir de maintenant tu, payez … deux fois, paie … deux fois, ceci est un test,
      dois répondre, devez répondre
    `),
    pay: list(`
      paie, paye, payez, payer, payé, payée, payés, paiement, paiements, régler, réglez, règlement, règlements,
      virement, virements, virer, virez, verser, versez, versement, versements, transfér*, transfert*,
      envoyer … argent/montant/somme/fonds, envoyez … argent/montant/somme/fonds, utilisez, utiliser, acquitter,
      approuve*, valide, validez, valider
    `),
    account: list(`
      compte, compte bancaire, comptes bancaires, numéro de compte, coordonnées bancaires, données bancaires,
      informations bancaires, rib, iban, banque, domiciliation, coordonnées de paiement, bénéficiaire, bic, swift,
      références bancaires
    `),
    newness: list(`
      nouveau, nouvelle, nouvelles, nouveaux, nouvel, changé, changée, changées, changent, changer, change, changement*,
      modifié*, modification*, mis à jour, mise à jour, autre, autres, à la place, au lieu, n est plus, ne sont plus,
      n utilisez plus, plus utiliser, remplac*, transféré, déménagé, provisoire*, temporaire*, alternati*, ancien,
      ancienne, anciennes, anciens, bloqué*, gelé*, sous audit, clôturé*, fermé, désormais, dorénavant,
      à partir de maintenant, à compter de ce jour, différent*, bon compte, compte correct, compte suivant,
      compte ci dessous, rib ci joint
    `),
    unchanged: list(`
      inchangé*, n a pas changé, n ont pas changé, pas changé, reste, restent, comme d habitude, comme toujours, même,
      mêmes, jamais, aucun changement, aucune modification, demeure*, sans changement, ne changent pas, ne change pas
    `),
    secrecy: list(`
      confidentiel*, secret*, secrète*, entre nous, n en parlez, ne parlez, n en parle, ne dites, ne dis rien,
      ne contactez, n appelez, n appelle, ne prévenez, n informez, n informe, ne mentionnez, ne le dites, ne demandez,
      ne vérifiez, sans en parler, sans prévenir, sans informer, sans contacter, sans appeler, personne d autre,
      à personne, discrètement, discrétion, inutile d appeler, inutile de vérifier/contacter/confirmer, n avertissez,
      n impliquez
    `),
    urgency: list(`
      urgent*, urgence, immédiat*, tout de suite, sans délai, sans attendre, sur le champ, au plus vite, dans l heure,
      dans les # heure*, sous # heure*, aujourd hui même, dès aujourd hui, avant midi, avant ce soir,
      dernier avertissement, dernière relance avant, faute de quoi, sinon, critique, impérativement aujourd hui,
      dans les plus brefs délais
    `),
    wait: list(`
      ne payez pas, ne paie* pas, ne pas payer, ne payer pas, ne pas régler, ne réglez pas,
      ne … pas encore payer/payez/régler/réglez, ne procédez pas au paiement, ne pas procéder, n effectuez pas,
      ne pas effectuer, ne versez pas, ne pas verser, ne virez pas, attendez, attendre, veuillez attendre,
      merci d attendre, merci de patienter, patienter, en attente, en attendant, dans l attente, nous attendons,
      suspend*, suspendez, suspension, suspendre, retenez, retenir le paiement, retenue, différer, différez, report*,
      repouss*, bloquer le paiement, bloquez le paiement, mettre en attente, jusqu à nouvel ordre, jusqu à réception,
      jusqu à ce que, jusqu à résolution, pas être payé*, pas être réglé*, stopper le paiement, pas avant
    `),
    trouble: list(`
      litige*, litigieu*, contest*, réclamation*, plainte*, désaccord, pas d accord, mauvaise quantité, mauvais prix,
      mauvais montant, quantité erronée, quantité incorrecte, prix erroné, prix incorrect, montant erroné,
      montant incorrect, erroné*, facturé* deux fois, double facturation, facturé en double, surfactur*, trop facturé,
      trop perçu, avoir … suivra/suit/cours/sera/établi/émis/envoyé/parviendra/attente, un avoir,
      l avoir … reçu/émis/suivre, note de crédit … suivra/suit/cours/sera/établie/émise/envoyée/attente,
      note de crédit suivra, sera crédité*, livraison partielle, livraisons partielles, partiellement livré*,
      livré* partiellement, incomplet*, incomplète*, reliquat*, en cours d investigation, en cours d examen,
      en cours de vérification, sera corrigé*, facture rectificative, facture corrigée, nouvelle facture suivra,
      erreur sur la facture, erreur dans la facture, erreur de facturation, facture … erreur, facture est incorrecte,
      écart, écarts, non conforme*, pas conforme*, ne correspond pas, ne correspondent pas, objection*, par erreur,
      envoyée … trop tôt, trop tôt, pas arrivé*, pas encore arrivé*, pas été livré*
    `),
    goods: list(`
      livr*, marchandise*, colis, palette*, envoi, expédition*, pièce, pièces, article*, command*, unité*, quantité*,
      équipement*, installation*, travaux, travail, prestation*, carton*, caisse*, lot, lots, matéri*, produit*,
      machine*, réparation*, appareil*
    `),
    lack: list(`
      manque, manquent, manquait, manquaient, manquant*, pas arrivé*, pas été livré*, pas reçu*, pas livré*,
      pas été reçu*, non livré*, non reçu*, pas terminé*, pas complet*, pas encore, jamais arrivé*, jamais reçu*,
      en retard, retard, retards, retardé*, tardi*, endommag*, abîm*, cassé*, brisé*, défectueu*, défaut*, erroné*,
      mauvais*, incomplet*, incomplète*, seulement #, seuls #, uniquement #, la moitié, le reste suivra, reste à livrer,
      restant*, partiel*, perdu*, moins que, moins de, trop peu, ne fonctionne* pas, refusé*, au lieu de #
    `),
    settled: list(`
      résolu*, réglé à l amiable, rien ne manque, aucun défaut, aucune réclamation, aucun retard, aucun litige,
      aucune erreur, aucun dommage, aucune plainte, sans défaut*, sans retard, sans réserve*, sans dommage,
      intégralement, complète et, livraison complète, livrée complète, a été émis*, a été déduit*, déduit*,
      déjà crédité*, a été crédité*, a été remplacé*, ont été remplacé*, a été corrigé*, clos, close, clôturé*, si,
      en cas, éventuel*, toute réclamation, toute contestation, tout litige, tout retard, doit être, doivent être,
      dans les # jours, sous # jours, merci d avoir, désormais livré*, a bien été livré*, ont bien été livré*,
      tout a été livré, à temps, dans les délais, réparation de, réparation du, remplacement de, remplacement du,
      réparation … défectueu*/endommag*/cassé*
    `),
    but: list(`mais, cependant, toutefois, sauf, néanmoins, hormis`),
    common: list(`
      et, nous, est, sont, pour, à, sur, de, du, des, le, la, les, avec, ne, pas, notre, nos, vous, votre, vos, a, ont,
      un, une, être, ce, cette, veuillez, dans, par, au, en
    `),
  },
}
