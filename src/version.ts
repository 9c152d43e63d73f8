/** The version of this program, as in `package.json`; `npm version` changes both. */
export const VERSION = "1.0.0";
