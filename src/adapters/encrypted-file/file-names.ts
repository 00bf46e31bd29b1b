export const CREDENTIALS_FILE = 'credentials.jwe';

/** What waits for a later command. */
export const NOTES_FILE = 'pending.jwe';
