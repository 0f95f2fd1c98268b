/** A mark for the introduction: two people, and what goes from one to the other. Said by the heading beside it. */
export function Logo() {
  return (
    <svg aria-hidden="true" height="56" viewBox="0 0 56 56" width="56">
      <rect fill="#1b2a41" height="56" rx="12" width="56" />
      <circle cx="18" cy="21" fill="#fff" r="6" />
      <path d="M8 41c0-7 4-11 10-11s10 4 10 11" fill="#fff" />
      <circle cx="39" cy="18" fill="none" r="5" stroke="#7bd0c1" strokeWidth="3" />
      <path d="M31 36c0-6 3-10 8-10s8 4 8 10" fill="none" stroke="#7bd0c1" strokeWidth="3" />
    </svg>
  );
}
