/** What a merchant does to get a new session. */
export const OPEN_AGAIN = 'Open Extole again from Apps in the control panel.';
