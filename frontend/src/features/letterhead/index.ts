export { LetterheadSettings } from "./letterhead-settings";
