import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Where one oidc-provider keeps things: in memory of its own, so that two of them share nothing. */
export function oidcMemory(): (model: string) => Adapter {
  const rows = new Map<string, { readonly payload: AdapterPayload; readonly ends: number }>();
  const live = (key: string): AdapterPayload | undefined => {
    const row = rows.get(key);
    return row !== undefined && row.ends > Date.now() ? row.payload : undefined;
  };
  return (model) => {
    const key = (id: string): string => `${model}:${id}`;
    const where = (fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...rows.keys()]
        .filter((each) => each.startsWith(`${model}:`))
        .map(live)
        .find((payload) => payload !== undefined && fits(payload));
    return {
      upsert: async (id, payload, expiresIn) => void rows.set(key(id), { payload, ends: expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000 }),
      find: async (id) => live(key(id)),
      findByUid: async (uid) => where((payload) => payload.uid === uid),
      findByUserCode: async (code) => where((payload) => payload.userCode === code),
      consume: async (id) => {
        const row = rows.get(key(id));
        if (row !== undefined) rows.set(key(id), { ...row, payload: { ...row.payload, consumed: Math.floor(Date.now() / 1000) } });
      },
      destroy: async (id) => void rows.delete(key(id)),
      revokeByGrantId: async (grantId) => {
        for (const [each, { payload }] of rows) if (payload.grantId === grantId) rows.delete(each);
      },
    };
  };
}
