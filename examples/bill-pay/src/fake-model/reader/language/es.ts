// Spanish.

import { type LanguageSigns, list } from './signs.ts'

export const spanish: LanguageSigns = {
  language: 'es',
  writing: 'spaced',
  words: {
    harmless: list(`
      estado de cuenta, extracto de cuenta, cuenta de cliente, ejecutivo de cuenta*, gestor de cuenta*,
      gerente de cuenta*, responsable de cuenta*, tener en cuenta, tenga en cuenta, a cuenta de, por cuenta de,
      cuenta de usuario, nunca pague*, no pague* a/en, no olvide*, retraso en el pago, pago atrasado, pagos atrasados,
      mora, no es urgente, sin prisa, base de datos, cuenta con
    `),
    override: list(`
      ignora, ignore, ignoren, ignorar, olvida, olvide, olvídese, olvidar, haz caso omiso, haga caso omiso,
      pasa por alto, pase por alto, omite, omita, omitir, salta, salte, saltarse, sáltate, sáltese, elude, eluda,
      eludir, desactiv*, no sigas, no siga, no sigan, deja de seguir, sin tener en cuenta, no tengas en cuenta, anula,
      anule, ya no aplican, ya no se aplican, prescinde, prescinda, desestime, descarta, descarte
    `),
    rules: list(`
      instruccion*, regla, reglas, directriz, directrices, norma, normas, indicacion*, prompt*, todo lo anterior,
      lo anterior, control, controles, verificacion*, validacion*, aprobacion*, autorizacion*, límite*,
      registro de proveedores, mensaje del sistema, mensajes anteriores, restriccion*, tarea, política*, revisión,
      revisiones, comprobacion*, seguridad
    `),
    addressed: list(`
      ia, inteligencia artificial, modelo de lenguaje, modelo de ia, asistente, asistente de ia, agente de ia,
      agente ia, al agente, al sistema, el sistema, el robot, bot, chatbot*, agente de pagos, sistema de pagos,
      sistema contable, sistema automático, sistema automatizado, estimado asistente/sistema/agente, querido asistente,
      lector automático, eres un/una asistente/agente/ia/modelo, usted es un asistente/agente
    `),
    command: list(`
      aprueba, apruebe, aprueben, apruébalo, debe ser aprobad*, debe aprobarse, autoriza el/esta/este/la,
      autorice el/esta/este/la, marca … como pagad*/aprobad*/segur*/verificad*,
      marque … como pagad*/aprobad*/segur*/verificad*, márcala como, márquela como, clasifica … como, clasifique … como,
      trata … como aprobad*/fiable/verificad*/legítim*, trate … como aprobad*/fiable/verificad*/legítim*,
      considera … como aprobad*/fiable/verificad*/legítim*, considere … aprobad*/fiable/verificad*/legítim*,
      libera … pago/fondos, libere … pago/fondos, sin aprobación/verificación/autorización/control/revisión/validación,
      sin más/ninguna/ningún/otra aprobación/verificación/autorización/control/revisión/preguntas/validación/trámite*,
      no requiere aprobación/verificación/autorización/revisión,
      no necesita aprobación/verificación/autorización/revisión,
      no se requiere aprobación/verificación/autorización/revisión, ya aprobad*, ya está aprobad*, preaprobad*,
      pre aprobad*, ahora eres, eres ahora, como ia, responde pay/pagar/con/solo/únicamente/siempre,
      responda pay/pagar/con/solo/únicamente/siempre, la respuesta es/debe, tu respuesta, la decisión es/debe,
      tu decisión, nueva instrucción, nuevas instrucciones, no marques, no reporte*, no informe* de fraude,
      no es fraude, no es un fraude, aumenta … límite, sube … límite, divida/divide/fraccione … pagos/partes,
      por debajo del, nadie … aprobar*/aprobarla, respondes siempre, responde siempre, siempre respondes,
      nunca respondas, decisión pagar, decisión pago, modo de mantenimiento, modo mantenimiento, modo de prueba,
      modo desarrollador, modo de depuración, modo administrador,
      marca/marque … como controlad*/revisad*/comprobad*/correct*, sin importar … reglas/normas/instrucciones,
      independientemente de … reglas/normas/instrucciones, digan lo que digan, no … denuncie*, no la marques,
      no la reporte*, olvida/olvide … papel/rol, actúa como, actúe como, compórtate como, finge, finja, haz de cuenta,
      haz como si, sin restriccion*, sin límites, obedece*, obedezca*, a partir de ahora eres, desde ahora eres,
      pague … dos veces, paga … dos veces, esto es una prueba, debes responder, debe responder
    `),
    pay: list(`
      paga, pague, paguen, pagar, pagad*, págala, páguela, págalo, páguelo, pagado, pago, pagos, abon*, transfiera*,
      transfiere*, transferir, transferencia*, ingres*, gira, gire, deposit*, envía … dinero/importe/fondos,
      envíe … dinero/importe/fondos, enviar … dinero/importe/fondos, utilice*, utiliza, use, usen, usa, remita*,
      liquid*, aprueba, apruebe, aprobar, autorice
    `),
    account: list(`
      cuenta, cuentas bancarias, cuenta bancaria, número de cuenta, datos bancarios, datos de pago,
      información bancaria, datos de la cuenta, iban, banco, beneficiari*, bic, swift, coordenadas bancarias,
      domiciliación
    `),
    newness: list(`
      nuevo, nueva, nuevos, nuevas, cambi*, modific*, actualiz*, otra, otro, otras, en lugar de, en vez de, en su lugar,
      ya no, reemplaz*, sustitu*, traslad*, temporal*, provisional*, alternativ*, antigu*, anterior, bloquead*,
      congelad*, en auditoría, cerrad*, a partir de ahora, en adelante, de ahora en adelante, diferente*, distint*,
      cuenta correcta, cuenta siguiente, siguiente cuenta
    `),
    unchanged: list(`
      no ha cambiado, no han cambiado, sin cambios, no cambia, no cambian, sigue siendo, siguen siendo, sigue igual,
      siguen igual, siguen, la misma, los mismos, mismo, misma, mismos, como siempre, como de costumbre, nunca,
      ningún cambio, permanece*, se mantiene*, no se han modificado, jamás
    `),
    secrecy: list(`
      confidencial*, secret*, en secreto, entre nosotros, no digas, no diga*, no le diga*, no lo comente*, no comente*,
      no llame*, no contacte*, no se ponga en contacto, no informe*, no mencione*, no avise*, no pregunte*,
      no consulte*, no verifique*, no compart*, sin avisar, sin informar, sin consultar, sin llamar, sin contactar,
      nadie más, a nadie, con nadie, discret*, no hace falta llamar/verificar/consultar,
      no es necesario llamar/verificar/confirmar/consultar, no involucre*
    `),
    urgency: list(`
      urgente*, urgencia, inmediat*, de inmediato, ahora mismo, enseguida, cuanto antes, lo antes posible, en una hora,
      dentro de una hora, en # horas, hoy mismo, antes del mediodía, antes de mediodía, último aviso,
      última advertencia, de lo contrario, si no se, sin demora, crític*, sin dilación
    `),
    wait: list(`
      no pague*, no pagar, no pagues, no paguen, no se pague, no abon*, aún no pague*, todavía no pague*, no efectúe*,
      no realice* … pago, no proceda*, no transfiera*, espere*, esperar, esperen, por favor espere*, a la espera,
      en espera, esperamos, estamos esperando, quedamos a la espera, reteng*, retener, retenga*, retenid*, suspend*,
      pospon*, aplace*, aplaz*, paralic*, detenga* … pago, detener … pago, bloque* el pago, congele* el pago,
      hasta nuevo aviso, hasta recibir, hasta que, hasta la recepción, no debe pagarse, pendiente de abono,
      pendiente de nota, dejar en suspenso, en suspenso
    `),
    trouble: list(`
      disput*, reclam*, queja, quejas, controversia*, litigio*, desacuerdo, no estamos de acuerdo, en desacuerdo,
      impugn*, objec*, cantidad incorrecta, cantidad errónea, cantidad equivocada, precio incorrecto, precio erróneo,
      importe incorrecto, importe erróneo, cantidades incorrectas, facturad* dos veces, doble facturación,
      facturado por duplicado, cobrado de más, sobrefactur*,
      nota de crédito … enviar*/emitir*/llegar*/camino/seguirá/pendiente/emitid*/enviad*,
      nota de abono … enviar*/emitir*/llegar*/camino/pendiente, nota de crédito, factura rectificativa,
      factura corregida, nueva factura, se abonará, se acreditará, entrega parcial, entregas parciales,
      parcialmente entregad*, entregad* parcialmente, incomplet*, pedido pendiente, backorder, en investigación,
      se está investigando, en revisión, será corregid*, se corregirá, error en la factura, error de facturación,
      errores en la factura, factura … error*, factura es incorrecta, discrepancia*, no corresponde*, no coincide*,
      no conforme*, disconform*, por error, demasiado pronto, antes de tiempo, por equivocación, no ha llegado,
      no han llegado, no ha sido entregad*, no han sido entregad*
    `),
    goods: list(`
      entreg*, envío, envíos, enviad*, mercanc*, paquete*, palé, palés, palet*, pieza*, artículo*, pedido*, unidad*,
      cantidad*, equipo*, instalación*, trabajo*, servicio*, caja, cajas, lote*, materia*, producto*, máquina*,
      reparación*, bulto*, suministr*, género
    `),
    lack: list(`
      falta, faltan, faltaba*, faltó, faltaron, faltante*, no ha llegado, no han llegado, no llegó, no llegaron,
      no recibid*, no hemos recibido, no se ha recibido, no se ha entregado, no se han entregado, sin entregar,
      no entregad*, no terminad*, sin terminar, aún no, todavía no, con retraso, retras*, tarde, tardí*, demora*,
      dañad*, rot*, averiad*, defect*, equivocad*, incorrect*, erróne*, incomplet*, solo # de, sólo # de, solamente #,
      la mitad, el resto, restante*, pendiente*, parcial*, perdid*, menos de, menos que, no funciona*, rechazad*,
      en lugar de #, en vez de #
    `),
    settled: list(`
      resuelt*, solucionad*, nada falta, no falta nada, ningún defecto, ninguna reclamación, ningún retraso,
      ninguna disputa, ningún daño, ninguna queja, sin defectos, sin retraso*, sin daños, sin incidencias,
      sin reclamaciones, sin demoras, en su totalidad, entrega completa, completamente entregad*, ya emitid*, se emitió,
      ha sido emitid*, se ha descontado, descontad*, deducid*, ya abonad*, fue reemplazad*, fueron reemplazad*,
      ha sido reemplazad*, han sido reemplazad*, fue corregid*, cerrad*, si, en caso, cualquier reclamación,
      cualquier disputa, cualquier retraso, eventual*, deben, deberá*, debe comunicarse, en un plazo, dentro de # días,
      gracias por, ya entregad*, se ha entregado todo, todo entregado, a tiempo, puntual*, reparación de,
      sustitución de, reparación … averiad*/dañad*/defectuos*
    `),
    but: list(`pero, sin embargo, excepto, salvo, aunque`),
    common: list(`
      y, nosotros, es, son, para, a, en, de, del, el, la, los, las, con, no, nuestro, nuestra, su, sus, ha, han, un,
      una, ser, este, esta, por, al, se, que
    `),
  },
}
