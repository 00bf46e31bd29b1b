/** A provider's definition that the person added, as it lies in its file. */
export interface DefinitionFile {
  readonly id: string;
  readonly text: string;
}

/** The definitions of the person's own providers, one file each. */
export interface DefinitionFiles {
  /** By id. Never throws: a folder or a file that cannot be read is as good as none. */
  list(): Promise<readonly DefinitionFile[]>;
  /** Writes the file atomically, in place of one of the same id. `refused` where the folder does not allow it. */
  write(file: DefinitionFile): Promise<void>;
  remove(id: string): Promise<'removed' | 'absent'>;
}
