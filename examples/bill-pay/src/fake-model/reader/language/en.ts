// English.

import { type LanguageSigns, list } from './signs.ts'

export const english: LanguageSigns = {
  language: 'en',
  writing: 'spaced',
  words: {
    harmless: list(`
      account manager/executive/handler/director/team/holder/representative, account no longer overdue, key account*,
      customer account*, user account*, trade account*, account with us, online account, account statement*,
      statement of account, on account of, accounts department/payable/receivable/team/office/staff, new accountant,
      bank holiday*, late payment*, late fee*, not forget, never forget, skip hire, bypass valve*,
      do not pay to/into/in/twice/by/any/anyone, never pay, payable immediately, due immediately, immediately due,
      immediately payable, message is confidential, confidential and intended, not urgent, approval number,
      credit limit, new bank card, food bank, power bank, account for, take into account, accounting,
      discount for immediate payment, immediate payment discount, for immediate payment
    `),
    override: list(`
      ignore, ignores, ignoring, disregard*, forget, overrid*, bypass*, circumvent*, skip, skipped, skipping, ignored,
      disregarded, omit, waive*, disable, do not follow, not follow, set aside, pay no attention, no longer apply,
      no longer applies, do not apply, suspend, turn off, switch off, supersede*, overrule*, not bound by, free from,
      stop following, leave out
    `),
    rules: list(`
      instruction*, rule, rules, polic*, guideline*, prompt, prompts, directive*, everything above, all of the above,
      everything before, what you were told, system message, restriction*, check, checks, safeguard*, guardrail*,
      verification*, validation*, approval*, payment limit*, limits, control, controls, vendor register,
      supplier register, four eyes, training, programming, task, order* above, earlier order*, previous message*,
      prior message*, prior context, previous context, constraints
    `),
    addressed: list(`
      dear ai, ai, ai assistant, ai agent, ai model, ai system, ai reader, language model*, llm, llms, chatbot, gpt,
      copilot, payment agent, payment bot, invoice bot, accounting bot, invoice agent, automated reader,
      automated system, processing system, accounting system, payment system, ap system, erp system,
      note to the/any/all agent/assistant/bot/system/model/robot/machine,
      attention agent/assistant/bot/system/model/robot/machine, to the agent/assistant/bot/model/robot,
      dear agent/assistant/system/bot/model/robot, automated agent, reading agent, software agent,
      you are a/an/the assistant/agent/bot/model, virtual assistant, machine reading this, assistant, system processing,
      robot accountant, automation
    `),
    command: list(`
      approve this/it/the/immediately/payment/invoice/now/and/all/without, approve,
      authorise/authorize this/it/the/payment/and/immediately, release this/it/the … payment/funds/amount/invoice,
      mark … as paid/approved/safe/legitimate/verified/trusted/ok/cleared, mark … paid/approved, classify … as,
      treat … as approved/verified/trusted/legitimate/safe/authorised/authorized/genuine, label … as safe/pay/approved,
      set … status, without approval/review/verification/checking/confirmation,
      without further/any/additional/manual approval/review/verification/check*/control*/confirmation/question*,
      no approval/review/verification/check/checks/confirmation … needed/required/necessary,
      no further/additional/manual approval/review/verification/check*, already approved, pre approved, preapproved,
      you are now, you are no longer, as an ai, you must pay/approve/answer/respond/decide,
      answer/respond/reply/output/return/say/write … pay/approved/approve, decision is/should/must/shall/pay,
      decision to pay, your decision, your answer, your task is, must be approved, has to be approved,
      should be approved, auto approve*, autoapprove*, developer mode, admin mode, administrator mode, override code,
      new instruction*, new task, updated instruction*, system prompt, not flag, do not report, not a fraud,
      this is not fraud, confirm … payment as, raise … limit*, increase … limit*,
      exempt from … check*/review/control*/approval,
      split/divide … invoice/payment*/amount … payments/parts/instalments/several/smaller,
      below/under the … limit/threshold, nobody/no one needs/has to approve, nobody … approve*, always answer,
      never answer, never hold, always pay, decision pay, maintenance mode, debug mode, test mode, service mode,
      training mode, mark … as checked/reviewed/controlled/correct, regardless of … rule*/instruction*/polic*,
      whatever … rules, no matter what … rules, not report … as fraud, not mark … as fraud, not classify, forget … role,
      act as a/an/if/though, act like, pretend*, play the role, role play, roleplay, without restriction*, unrestricted,
      obey*, you will now, from now on you, you only, your only, pay … twice, second payment, must answer, is a test of
    `),
    pay: list(`
      pay, pays, paid, paying, payable, payment*, transfer*, remit*, wire, wired, wiring,
      send … money/funds/amount/sum/balance, settle*, settling, deposit*, credit … to, direct … funds, route … to, use,
      approve, approves, approving, authorise, authorize
    `),
    account: list(`
      account, bank account*, account number*, account details, bank details, banking details, bank information,
      banking information, iban, bank, banks, sort code, routing number, payment details, payment information,
      payment instructions, remittance details, remittance instructions, remittance address, beneficiary, payee,
      bank connection, wallet, bic, swift, where we bank, our accounts
    `),
    newness: list(`
      new, newly, change, changed, changes, changing, update, updated, updating, different, another, other account,
      other bank, instead, no longer, replac*, switched, switch, switching, moved, move, moving, amended, revised,
      alternative, from now on, blocked, frozen, under audit, has been closed, is closed, being audited, closed down,
      old, temporary, temporarily, correct account, correct iban, correct bank, correct details, not the one,
      rather than, not in your register, differs from, unlike, going forward, henceforth, substitute
    `),
    unchanged: list(`
      not changed, unchanged, remain*, the same, stays, as before, as usual, never change, never changes, never ask,
      never notify, no change*, not been changed, has not, have not, did not change, not changing, does not change,
      do not change, same account, will not change, if we ever, beware
    `),
    secrecy: list(`
      confidential*, secret*, in secret, between us, between ourselves, not tell, not inform, not contact, not call,
      not mention, not discuss, not phone, not share, not ask, not notify, not forward, not involve, not alert,
      not escalate, not disclose, not verify, not reply to, not copy, not double check, without telling,
      without informing, without involving, without notifying, tell no one, tell nobody, no one else, nobody else,
      keep this/it between/quiet/confidential/secret/private/to, quietly, discreet*,
      no need to call/verify/check/confirm/ask/contact
    `),
    urgency: list(`
      urgent*, immediate, immediately, at once, asap, right now, right away, straight away, within the hour,
      within # hour*, within # minute*, within an hour, this very day, pay … today, transfer … today, payment … today,
      paid … today, today at the latest, before noon, by noon, before midnight, by close of business,
      end of business today, last warning, final warning, last chance, or else, will be disconnected, cut off,
      without delay pay, emergency, critical, top priority, time critical, within the next
    `),
    wait: list(`
      do not pay, please not pay, don t pay, dont pay, not pay this/the, not to pay, hold … payment*,
      hold this/the … invoice, hold off, put … on hold, on hold, withhold*,
      await* … credit/correct*/deliver*/goods/parts/remaining/replace*/resol*/confirm*/clarif*/inspect*/revised,
      please await, wait with, wait for … credit/correct*/deliver*/goods/our/replace*/confirm*, wait until, please wait,
      waiting for … credit/deliver*/replace*/correct*, postpone*, defer payment, delay … payment,
      payment should be delayed, until further notice, stop … payment, suspend payment, payment stop, not be paid,
      not pay … until, no payment … until, no payment … before, not due until, keep … back, pause … payment,
      not release, not yet be paid, not settle
    `),
    trouble: list(`
      dispute, disputes, disputed, disputing, in dispute, under dispute, complaint*, complain*, wrong quantit*,
      wrong amount, wrong price*, incorrect quantit*, incorrect price*, incorrect amount, incorrectly, overcharged,
      over charged, billed twice, invoiced twice, double billed, charged twice,
      credit note … follow*/come*/coming/sent/send/expected/issued shortly/way/shortly/prepared/pending,
      credit note … will, credit note is being, expect … credit note, issue … credit note, send … credit note,
      credit memo … follow*/will/way, we will credit, will be credited, to be credited, short deliver*, delivered short,
      short shipped, partial deliver*, partially deliver*, part delivery, partial shipment*, incomplete delivery,
      back order*, backorder*, backordered, under investigation, being investigated, will be corrected, to be corrected,
      corrected invoice, revised invoice, new invoice will, mistake in … invoice, error in … invoice,
      invoice … error/mistake/wrong/incorrect, claim … open, open claim, quality issue*, quality problem*,
      not as ordered, not what … ordered, objection*, object to, contested, contest, discrepanc*, mismatch, shortfall,
      shortage*, disagree*, not agree*, sent by mistake, sent … too early, sent in error, issued by mistake,
      issued in error, issued … too early, by mistake, not arrived, never arrived, not been delivered, not delivered,
      not been accepted
    `),
    goods: list(`
      deliver*, undelivered, shipment*, shipped, goods, item, items, part, parts, parcel*, pallet*, order, ordered,
      orders, box, boxes, unit, units, consignment*, quantit*, install*, work, works, carton*, equipment, material*,
      product*, piece*, crate*, machine*, hours, service, batch, package*, repair*, truck, freight
    `),
    lack: list(`
      missing, undelivered, not arrived, not been, not yet, not received, not complete*, not finished, not work*,
      not all, late deliver*, arrived/came/is/was/were/too/very/days/weeks late, delivered late, later than, delayed,
      delay, delays, damaged, damage, broken, defect*, faulty, fault, wrong, incomplete, unfinished, still to come,
      to follow, outstanding deliver*/goods/items/parts, still outstanding, pending, only # of, only part of, only half,
      half of, fewer than, less than, rest … will, remaining … will, remaining goods/items/parts/units/pallets/boxes,
      partial*, lost, rejected, does not match, do not match, not match, unusable, leak*, never arrived, never received,
      never delivered, did not arrive, failed to arrive, too few, too many, behind schedule, still waiting, still owe*,
      not deliver*, instead of #
    `),
    settled: list(`
      resolved, settled, nothing … missing, nothing missing, nothing outstanding, none, no complaint*, no dispute*,
      no delay*, no damage*, no defect*, no claim*, no objection*, no outstanding, no missing, no error*,
      without delay*, without defect*, without damage*, without complaint*, without objection*, in full,
      fully delivered, complete delivery, has been issued, was issued, already credited, already deducted, deducted,
      has been credited, was credited, was replaced, has been replaced, were replaced, was fixed, been repaired,
      was repaired, closed, if, in case, in the event, any complaint*, any dispute*, any claim*, any defect*,
      any discrepanc*, any objection*, any question*, must be, shall be, should be reported, are to be,
      thank you for reporting, withdrawn, now been delivered, have now arrived, now arrived, since been,
      delivered complete, all delivered, everything … delivered, everything was, everything arrived, on time,
      to be made within, free of, repair of, replacement of, replaced, replacing, fixed, repaired, not late,
      not delayed, not damaged, not missing
    `),
    but: list(`but, however, except, although, nevertheless, yet we`),
    common: list(`
      the, and, of, to, we, our, you, your, is, are, has, have, this, for, with, be, by, on, it, not, please, will,
      from, been
    `),
  },
}
