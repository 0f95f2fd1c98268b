/** The stable codes of what can go wrong on a storefront. `docs/errors.md` says what to do about each. */
export type StorefrontErrorCode =
  | 'PROGRAM_DOMAIN_INVALID'
  | 'EXTOLE_CORE_BLOCKED'
  | 'EXTOLE_CORE_TIMEOUT'
  | 'EXTOLE_GLOBAL_MISSING'
  | 'EXTOLE_ZONE_FAILED'
  | 'EXTOLE_ZONE_EMPTY'
  | 'ZONE_NAME_MISSING'
  | 'EVENT_DATA_INVALID'
  | 'PLACEHOLDER_UNRESOLVED'
  | 'CALL_INVALID';
