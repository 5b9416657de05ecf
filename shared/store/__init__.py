"""The database: engine, migrations, and what is read and written."""
