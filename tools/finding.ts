/** Something that a check found wrong, and where: the path is relative to the root of the repository. */
export type Finding = { readonly file: string; readonly line: number; readonly message: string }

export function findingLine({ file, line, message }: Finding): string {
  return `${file}:${line} ${message}`
}
