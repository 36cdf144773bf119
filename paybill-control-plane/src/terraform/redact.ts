// Takes secrets out of what Terraform and its programs write, before anybody sees it. For logs and errors, which are for
// people; what must be exact is sealed instead.

const shownInstead = '(sensitive)'
const shortestPart = 4

/** A function that replaces every form in which a secret is likely to be printed. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))
  // The longest first, so that no part of one form is left by the replacement of another.
  const ordered = [...forms].toSorted((left, right) => right.length - left.length)
  return (text) => ordered.reduce((shown, form) => shown.replaceAll(form, shownInstead), text)
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  // Output comes by lines, so that a secret of several is never seen whole.
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= shortestPart)
  return [
    secret,
    ...lines,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
}
