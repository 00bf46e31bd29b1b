/** The words below which several commands lie, and what these have in common. */
export const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  auth: 'Tokens and API keys',
  store: 'Where credentials are kept',
  backend: 'The local backend',
};
