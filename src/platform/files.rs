//! Pictures and papers, and what must outlive the database, behind the object-store library: a local folder today, a bucket by configuration later.

use std::path::Path as FsPath;
use std::sync::Arc;

use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::error::Result;

/// Where uploaded files live. Names are made by us, never by the uploader.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// A folder of this machine; made if it is missing.
    pub fn folder(root: &FsPath) -> anyhow::Result<Self> {
        std::fs::create_dir_all(root)?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(root)?)))
    }

    /// Writes the whole file; a reader sees all of it or nothing.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&Path::from(name), bytes.into()).await?;
        Ok(())
    }

    /// The file's bytes; `None` if there is no such file.
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>> {
        match self.0.get(&Path::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The names of the files in a folder, in their order; a missing folder has none.
    pub async fn list(&self, folder: &str) -> Result<Vec<String>> {
        let found = self.0.list_with_delimiter(Some(&Path::from(folder))).await?;
        let mut names: Vec<_> = found.objects.into_iter().map(|file| file.location.to_string()).collect();
        names.sort();
        Ok(names)
    }

    /// Removes the file; a missing one is no fault.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.0.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }
}
