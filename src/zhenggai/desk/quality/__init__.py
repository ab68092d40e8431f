"""The quality page 体检: a family of checks, each of which asks the record for one thing that does not fit together."""
