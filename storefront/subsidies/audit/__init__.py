"""What an auditor sees by a link: one frozen version, its rows and proofs, and a place to write what they find."""
