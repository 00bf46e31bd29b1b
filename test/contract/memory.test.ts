import { createMemoryStore } from '../support/memory-store.ts';
import { storeContract } from './store.contract.ts';

storeContract('memory', () => Promise.resolve({ store: createMemoryStore(), cleanup: () => Promise.resolve() }));
