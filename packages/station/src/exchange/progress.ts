/** How the keys of marks begin that say how far an exchange came; the others are of shares that are shown. */
export const PROGRESS = "exchange ";
