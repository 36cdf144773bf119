// How much the reader takes from a stranger's file. Every limit is far above what real invoices need and far below what hurts.

/** A file is read no further than this. PEPPOL networks commonly refuse messages above 10 to 20 MB. */
export const maxFileBytes = 20 * 1024 * 1024
/** UBL invoices nest about 8 deep. */
export const maxElementDepth = 32
/** An invoice line has about 25 elements: enough for 4,000 lines. */
export const maxElements = 100_000
export const maxAttributesPerElement = 16
export const maxAttributeCharacters = 1_000
/** Before the root element: a declaration and a comment or two. */
export const maxPrologCharacters = 10_000
/** One text, tag or comment as it is written down, references not yet resolved, an attachment apart. */
export const maxNodeCharacters = 200_000
/** Text of one element, an embedded attachment apart. */
export const maxTextCharacters = 20_000
/** All free texts of one invoice together: what a model may be asked to read. */
export const maxFreeTextCharacters = 200_000
/** Numbers and references that are stored, compared and shown. */
export const maxIdentifierCharacters = 100
/** Digits of a decimal number before, and after, its point. */
export const maxDecimalDigits = 18
