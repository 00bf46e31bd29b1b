/** The words below which several commands lie, and what these have in common. */
export const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  auth: 'Tokens and API keys',
  providers: 'The providers that are known here, and your own',
  store: 'Where credentials are kept',
  backend: 'The local backend',
};
