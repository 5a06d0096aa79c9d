"""What the account's templates print."""
