/** Something wrong in an audit, and who did it: it is on the record, and costs nobody else anything. */
export interface ContestFault {
  readonly code:
    /** Two statements of records: only those count that a majority of the auditors sealed for. */
    | "committed-twice"
    | "withheld-seal"
    | "withheld-share"
    /** Two statements of one party of which only one can be true: neither counts. */
    | "contradicts-itself"
    /** Another than what the majority says. */
    | "differs"
    /** A reading that was not sealed, or not before the other board's was shown. */
    | "not-blind"
    /** Boards read differently, and have not agreed since. */
    | "disagreement"
    /** Opened before both boards had shown what they read. */
    | "opened-early"
    /** No such item is in the committed collection. */
    | "false-opening"
    /** One card opened as two items: it counts as not opened. */
    | "opened-twice"
    /** The files are not those that were committed, or contradict each other. */
    | "bad-files"
    /** Whole numbers of a round that the evidence they name does not give, or a count whose winners did not win. */
    | "wrong-numbers";
  readonly party: string;
  /** Completes the sentence that begins with the party's name. */
  readonly message: string;
}
