// Two ways in which a leaf stops without having ended.

/** The outside does not answer, and nobody knows more: the run is given back and tried again later. */
export class Stalled extends Error {}

/** A person has to look: the run is parked with the reason. */
export class Parked extends Error {}
