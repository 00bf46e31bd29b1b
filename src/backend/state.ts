import { jsonOf, type Database } from './database.ts';

/** Single values that a realm keeps under a name, as long as its database. */
export interface State {
  /** Undefined where nothing was written yet. */
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

export function stateOf(database: Database): State {
  return {
    read(name) {
      const row = database.get('select value from state where name = ?', name);
      return row === undefined ? undefined : jsonOf(row, 'value');
    },
    write(name, value) {
      database.run('insert into state (name, value) values (?, ?) on conflict (name) do update set value = excluded.value', name, JSON.stringify(value));
    },
  };
}
