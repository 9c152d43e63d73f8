/** The version of this program, as in `package.json`; `npm version` changes both. */
export const VERSION = "0.2.0";
