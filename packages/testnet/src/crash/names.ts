/** The party whose station has the failing disk. */
export const FAULTED = "faulted";
/** The other party, whose station goes on undisturbed. */
export const OTHER = "steady";
