// Portuguese, of Portugal and of Brazil.

import { type LanguageSigns, list } from './signs.ts'

export const portuguese: LanguageSigns = {
  language: 'pt',
  writing: 'spaced',
  words: {
    harmless: list(`
      extrato de conta, extrato da conta, gestor de conta*, gerente de conta*, conta de cliente, conta do cliente,
      por conta de, levar em conta, ter em conta, tenha em conta, conta de utilizador, nunca pague*, não pague* em/a,
      não se esqueça, não esqueça, atraso no pagamento, pagamento em atraso, pagamento atrasado, juros de mora,
      não é urgente, sem pressa, banco de dados, base de dados
    `),
    override: list(`
      ignore, ignora, ignorem, ignorar, esqueça, esquece, esqueçam, esquecer, desconsider*, desconsidere, não siga*,
      deixe de seguir, salte, salta, pule, pula, pular, contorn*, omita, omitir, desativ*, desactiv*, não cumpra*,
      já não se aplicam, não se aplicam mais, anule, sobreponha*, não tenha em conta, passe por cima, despreze
    `),
    rules: list(`
      instruç*, regra, regras, diretriz*, directriz*, orientaç*, prompt*, tudo acima, tudo o que está acima, acima,
      controlo*, controle*, verificaç*, validaç*, aprovaç*, autorizaç*, limite*, registo de fornecedores,
      cadastro de fornecedores, mensagem do sistema, mensagens anteriores, restriç*, tarefa, política*, segurança,
      revisão
    `),
    addressed: list(`
      ia, ai, inteligência artificial, modelo de linguagem, assistente, assistente de ia, agente de ia, agente ia,
      ao agente, ao assistente, ao sistema, o sistema, o robô, robô, bot, chatbot*, agente de pagamento*,
      sistema de pagamento*, sistema contabilístico, sistema contábil, sistema automático,
      caro assistente/sistema/agente, prezado assistente/sistema/agente, leitor automático,
      você é um/uma assistente/agente/ia/modelo, és um assistente/agente
    `),
    command: list(`
      aprove, aprova, aprovem, aprovar … fatura/pagamento, deve ser aprovad*, autorize o/a/este/esta,
      marque … como pag*/aprovad*/segur*/verificad*, marca … como pag*/aprovad*/segur*/verificad*,
      marcar … como pag*/aprovad*/segur*/verificad*, classifique … como,
      trate … como aprovad*/confiável/verificad*/legítim*, considere … como aprovad*/confiável/verificad*/legítim*,
      considere … aprovad*, libere … pagamento, liberte … pagamento,
      sem aprovação/verificação/autorização/controlo/controle/revisão/validação,
      sem mais/qualquer/nenhuma/outra aprovação/verificação/autorização/controlo/controle/revisão/perguntas/validação,
      não requer aprovação/verificação/autorização, não precisa de aprovação/verificação/autorização,
      não necessita de aprovação/verificação/autorização, nenhuma aprovação/verificação/autorização, já aprovad*,
      já foi aprovad*, pré aprovad*, você agora é, agora você é, agora és, como ia,
      responda pay/pagar/com/apenas/só/somente/sempre, responde pay/pagar/com/apenas/só/sempre, a resposta é/deve,
      a sua resposta, a decisão é/deve, a sua decisão, nova instrução, novas instruções, não sinalize, não denuncie,
      não é fraude, não é uma fraude, aumente … limite, divida/divide/reparta … pagamentos/partes, abaixo do limite,
      ninguém … aprovar*, responda sempre, responde sempre, nunca responda, decisão pagar, decisão pague,
      modo de manutenção, modo manutenção, modo de teste, modo de programador, modo desenvolvedor, modo de depuração,
      modo administrador, marque/marca … como controlad*/revist*/verificad*/corret*, independentemente das … regras,
      independentemente do, digam o que disserem, não a sinalize, não a denuncie, esqueça/esquece … papel/função,
      aja como, age como, comporte se como, finja, finge, faça de conta, sem restriç*, sem limites, obedeç*, obedece*,
      a partir de agora você, a partir de agora és, pague … duas vezes, isto é um teste, este é um teste,
      deve responder, deves responder
    `),
    pay: list(`
      pague, paguem, pagar, paga, pago, pagamento, pagamentos, transfira*, transferir, transferência*, deposit*,
      envie … dinheiro/valor/montante/fundos, enviar … dinheiro/valor/montante/fundos, liquid*, use, usem, usar,
      utilize*, utilizar, efetu*, credite*, aprova, aprove, aprovar
    `),
    account: list(`
      conta, conta bancária, contas bancárias, número da conta, número de conta, dados bancários, dados de pagamento,
      informações bancárias, dados da conta, iban, nib, banco, beneficiári*, bic, swift, chave pix, pix
    `),
    newness: list(`
      novo, nova, novos, novas, mudou, mudaram, mudar, mudámos, mudamos, mudança*, alter*, atualiz*, actualiz*, outra,
      outro, em vez de, em vez disso, no lugar, já não, não é mais, deixou de, substitu*, transferid*, temporári*,
      provisóri*, alternativ*, antig*, anterior, bloquead*, congelad*, em auditoria, encerrad*, fechad*,
      a partir de agora, doravante, diferente*, conta correta, conta correcta, conta certa, seguinte conta,
      conta seguinte
    `),
    unchanged: list(`
      inalterad*, não mudou, não mudaram, não foi alterad*, não foram alterad*, sem alteraç*, mantém, mantêm,
      permanece*, continua*, o mesmo, a mesma, os mesmos, mesmos, mesma, mesmo, como sempre, como habitual*,
      como de costume, nunca, nenhuma alteração, jamais
    `),
    secrecy: list(`
      confidencial*, segred*, secret*, sigilo*, entre nós, não diga*, não conte*, não ligue*, não contacte*,
      não contate*, não informe*, não mencione*, não avise*, não pergunte*, não comente*, não partilhe*,
      não compartilhe*, não verifique*, não telefone*, sem avisar, sem informar, sem contactar, sem consultar,
      sem ligar, mais ninguém, a ninguém, com ninguém, discret*, não é preciso ligar/verificar/confirmar,
      não é necessário ligar/verificar/confirmar/contactar, não envolva*
    `),
    urgency: list(`
      urgente*, urgência, imediat*, de imediato, agora mesmo, já hoje, ainda hoje, hoje mesmo, o mais rápido possível,
      o quanto antes, quanto antes, dentro de uma hora, em # horas, dentro de # horas, antes do meio dia, último aviso,
      caso contrário, senão, sem demora, crític*, emergência
    `),
    wait: list(`
      não pague*, não pagar, não paguem, ainda não pague*, não efetu*, não proceda*, não realize* … pagamento,
      não transfira*, não liquid*, aguard*, espere*, esperar, por favor aguarde*, à espera, em espera, a aguardar,
      estamos à espera, retenha*, reter, retido, suspend*, suspens*, adie*, adiar, protele*, pare … pagamento,
      bloque* o pagamento, até novo aviso, até nova ordem, até receber, até que, até à receção, até a chegada,
      até ao esclarecimento, não deve ser pag*, pendente de nota, em suspenso, segure o pagamento, segurar o pagamento
    `),
    trouble: list(`
      disput*, contest*, reclam*, queixa*, litígio*, desacordo, não concord*, discord*, objeç*, quantidade errada,
      quantidade incorreta, quantidade incorrecta, preço errado, preço incorreto, valor errado, valor incorreto,
      montante errado, faturad* duas vezes, facturad* duas vezes, faturação dupla, faturado em duplicado,
      cobrado a mais, cobrança em duplicidade, nota de crédito … segue/seguirá/enviad*/emitid*/será/caminho/chegar,
      nota de crédito, será creditad*, fatura corrigida, fatura retificad*, nova fatura, entrega parcial,
      entregas parciais, parcialmente entregue*, entregue* parcialmente, incomplet*, em investigação, em análise,
      será corrigid*, erro na fatura, erro na factura, erro de faturação, erro de faturamento, fatura … erro*,
      fatura está errada, divergência*, discrepância*, não corresponde*, não confere*, não conforme*, desconform*,
      por engano, por lapso, cedo demais, demasiado cedo, não chegou, não chegaram, ainda não chegou, não foi entregue,
      não foram entregues
    `),
    goods: list(`
      entreg*, envio, envios, enviad*, mercadoria*, encomend*, pacote*, palete*, peça, peças, artigo*, pedido*,
      unidade*, quantidade*, equipament*, instalaç*, trabalho*, serviço*, caixa, caixas, lote*, materia*, produto*,
      máquina*, reparaç*, volume*, remessa*, fornecimento*, itens
    `),
    lack: list(`
      falta, faltam, faltava*, faltou, faltaram, em falta, faltando, faltante*, não chegou, não chegaram, não receb*,
      não foi entregue, não foram entregues, não entregue*, por entregar, não conclu*, não terminad*, ainda não,
      com atraso, atras*, tarde, tardi*, danificad*, partid*, quebrad*, avariad*, defeit*, errad*, incorret*,
      incomplet*, apenas # de, só # de, somente #, metade, o resto, o restante, restante*, pendente*, parcial*,
      extraviad*, perdid*, menos de, menos que, não funciona*, rejeitad*, em vez de #
    `),
    settled: list(`
      resolvid*, solucionad*, nada falta, não falta nada, nenhum defeito, nenhuma reclamação, nenhum atraso,
      nenhuma disputa, nenhum dano, nenhuma queixa, sem defeito*, sem atraso*, sem danos, sem reclamaç*, sem reservas,
      na totalidade, na íntegra, entrega completa, totalmente entregue*, foi emitida, já emitida, foi deduzid*,
      descontad*, deduzid*, já creditad*, foi substituíd*, foram substituíd*, foi corrigid*, encerrad*, se, em caso,
      caso haja, qualquer reclamação, qualquer disputa, eventua*, devem, deverá*, deve ser comunicad*,
      no prazo de # dias, dentro de # dias, obrigad* por, já entregue*, tudo entregue, a tempo, dentro do prazo,
      pontual*, reparação de, substituição de, reparação … avariad*/danificad*/defeituos*
    `),
    but: list(`mas, porém, contudo, no entanto, exceto, salvo`),
    common: list(`
      e, nós, é, são, para, a, em, de, do, da, o, os, as, com, não, nosso, nossa, seu, sua, foi, foram, um, uma, ser,
      este, esta, por, ao, que, no, na
    `),
  },
}
