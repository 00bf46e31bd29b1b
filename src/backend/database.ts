import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** What a column can hold here. Hashes are hex text: the driver gives blobs back in two different shapes. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/** A SQLite database, spoken to synchronously. */
export interface Database {
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
  /** Gives the number of changed rows. */
  run(sql: string, ...values: readonly Value[]): number;
  /** All of `work`, or nothing of it when it throws. */
  together<T>(work: () => T): T;
  close(): void;
}

const SCHEMA = `
  create table if not exists state (name text primary key, value text not null);
  create table if not exists users (id text primary key, email text not null unique, name text not null, hub_id text not null, created_at integer not null);
  create table if not exists keys (
    id text primary key, owner_id text not null, name text, prefix text not null, hash text not null unique, permissions text not null,
    agent text not null, extra text not null, expires_at integer, created_at integer not null, last_used_at integer, revoked_at integer);
  create index if not exists keys_of_owner on keys (owner_id, created_at) where revoked_at is null;
  create index if not exists keys_by_name on keys (owner_id, name) where revoked_at is null;
  create table if not exists key_counts (owner_id text primary key, live integer not null) without rowid;
  create trigger if not exists key_made after insert on keys begin
    insert into key_counts (owner_id, live) values (new.owner_id, 1) on conflict (owner_id) do update set live = live + 1;
  end;
  create trigger if not exists key_revoked after update of revoked_at on keys begin
    update key_counts set live = live - 1 where owner_id = new.owner_id;
  end;
  create table if not exists organizations (
    id text primary key, user_id text not null unique, name text not null, slug text not null, created_at integer not null);
  create table if not exists agents (
    id text primary key, user_id text not null, slug text not null, created_at integer not null, updated_at integer not null, unique (user_id, slug));
  create table if not exists tokens (hash text primary key, kind text not null, user_id text not null, expires_at integer not null);
  create index if not exists tokens_by_expiry on tokens (expires_at);
  create table if not exists oauth (
    model text not null, id text not null, payload text not null, grant_id text, uid text, user_code text, expires_at integer, consumed_at integer,
    primary key (model, id));
  create index if not exists oauth_by_grant on oauth (grant_id);
  create index if not exists oauth_by_uid on oauth (uid);
  create index if not exists oauth_by_expiry on oauth (expires_at);
  create table if not exists proofs (hash text primary key, expires_at integer not null);
  create index if not exists proofs_by_expiry on proofs (expires_at);
  create table if not exists works (id text primary key, user_id text not null, kind text not null, name text not null, created_at integer not null);
  create index if not exists works_of_user on works (user_id, kind, created_at);
  create table if not exists memories (id text primary key, user_id text not null, content text not null, fields text not null, created_at integer not null);
  create index if not exists memories_of_user on memories (user_id, created_at);
  create table if not exists projects (id text primary key, name text not null);
  create table if not exists members (project_id text not null, user_id text not null, primary key (project_id, user_id));
  create table if not exists client_tokens (
    id text primary key, project_id text not null, hash text not null unique, public_metadata text not null, server_context text,
    permissions text not null, expires_at integer not null);
  create index if not exists client_tokens_by_expiry on client_tokens (expires_at);
`;

/**
 * Opens the database of one realm: `<dataDir>/<realm>.sqlite`, readable by its owner only, or in memory where no folder is given.
 * The driver is loaded here, when a backend really starts.
 */
export async function openDatabase(dataDir: string | undefined, realm: string): Promise<Database> {
  const { default: Sqlite } = await import('libsql');
  const sqlite = new Sqlite(dataDir === undefined ? ':memory:' : privateFile(dataDir, `${realm}.sqlite`));
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;');
  sqlite.exec(SCHEMA);
  const prepared = new Map<string, ReturnType<typeof sqlite.prepare<Value[]>>>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? sqlite.prepare<Value[]>(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    get(sql, ...values) {
      const row = statement(sql).get(...values);
      return isRow(row) ? row : undefined;
    },
    all: (sql, ...values) =>
      statement(sql)
        .all(...values)
        .filter(isRow),
    run: (sql, ...values) => statement(sql).run(...values).changes,
    together: (work) => sqlite.transaction(work)(),
    close() {
      prepared.clear();
      sqlite.close();
    },
  };
}

/** SQLite would create its file with the umask's mode; its side files copy the mode that they find. */
function privateFile(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  closeSync(openSync(path, 'a', 0o600));
  return path;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not text`);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} is not a number`);
  return value;
}

export function numberOrNull(row: Row, column: string): number | null {
  const value = row[column];
  return typeof value === 'number' ? value : null;
}

export function jsonOf(row: Row, column: string): unknown {
  return JSON.parse(textOf(row, column));
}
