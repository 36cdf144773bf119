export { loadRootKey, type RootKey } from './root-key.ts'
export { isSignedBy, loadSigningKey, type SigningKey } from './signing-key.ts'
export {
  type KeyOwner,
  type KeyRing,
  type SealContext,
  type TenantKey,
  tenantKeyCreate,
  tenantKeyDestroy,
  tenantKeyFetch,
  tenantKeyFind,
  type WrappedKeyStore,
} from './tenant-key.ts'
