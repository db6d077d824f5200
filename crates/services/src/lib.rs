//! Public services: procedures, dossiers, from application to signed result.
