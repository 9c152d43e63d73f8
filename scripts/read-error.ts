/**
 * Says that a file cannot be read, with the system's code of the reason.
 *
 * @example
 * cannotRead("notes.txt", error); // Cannot read notes.txt (ENOENT).
 */
export function cannotRead(name: string, error: unknown): string {
  return `Cannot read ${name} (${readErrorCode(error)}).`;
}

/** The system's code, such as `ENOENT` for a file that is missing. */
export function readErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
