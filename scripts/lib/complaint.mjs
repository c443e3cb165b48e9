/** Something that the user can mend, told in one line. */
export class Complaint extends Error {}
