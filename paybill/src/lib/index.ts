export { assert } from './assert.ts'
export { type Clock, systemClock } from './clock.ts'
export { type ErrorCode, errorCodes, errorLine, PaybillError } from './errors.ts'
export { addMoney, currencyDigits, formatMoney, type Money, money, parseMoney } from './money.ts'
