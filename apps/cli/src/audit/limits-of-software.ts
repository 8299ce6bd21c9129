/** What no software can show, and every report of an audit says. */
export const NOT_SHOWN: readonly string[] = [
  "that the paper was kept safe from the polling place on, and is the paper that voters marked",
  "that the cards that were fetched are the cards that were drawn",
  "that the bound on cards of each contest came from elsewhere than the voting system",
  "that dice were fair, and that the beacon's value is what its publisher gave: look it up",
];
