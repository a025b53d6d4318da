//! Replicas and mounts, as compose files and manifests write them.

use crate::facts::copies::{Copies, Storage};
use crate::read::yaml::Node;

/// `deploy.replicas`, or `scale` of old.
pub(super) fn of_service(service: &Node) -> Option<Copies> {
    of_number(service.path(["deploy", "replicas"]).or_else(|| service.get("scale"))?)
}

/// `spec.replicas` of a workload, or what its autoscaler allows if that is more.
pub(super) fn of_workload(workload: &Node, scalers: &[&Node]) -> Option<Copies> {
    let own = workload.path(["spec", "replicas"]).and_then(of_number);
    let name = workload.path(["metadata", "name"]).and_then(Node::scalar)?;
    let allowed = scalers.iter().filter_map(|object| {
        let kind = object.get("kind").and_then(Node::scalar)?;
        let most = match kind.as_str() {
            "HorizontalPodAutoscaler" => object.path(["spec", "maxReplicas"])?,
            "ScaledObject" => object.path(["spec", "maxReplicaCount"])?,
            _ => return None,
        };
        let target = object.path(["spec", "scaleTargetRef", "name"]).and_then(Node::scalar)?;
        (target.as_str() == name.as_str()).then(|| of_number(most))?
    });
    own.into_iter().chain(allowed).max_by_key(|copies| copies.most)
}

fn of_number(node: &Node) -> Option<Copies> {
    Some(Copies { at: node.written()?.clone(), most: u64::try_from(node.as_integer()?).ok()? })
}

/// `read_only`, `volumes` and `tmpfs` of a service.
pub(super) fn storage_of_service(service: &Node) -> Storage {
    let mut storage = Storage {
        read_only_root: service.get("read_only").filter(|it| it.as_bool() == Some(true)).map(|it| it.at.clone()),
        ..Storage::default()
    };
    let mut add = |path: Option<&str>| match path {
        Some(path) if path.starts_with('/') => storage.mounts.push(path.to_owned()),
        _ => storage.open = true,
    };
    for volume in service.get("volumes").map(Node::items).unwrap_or_default() {
        match volume.written() {
            // `source:target:mode`, or a target alone.
            Some(text) => add(text.as_str().split(':').nth(usize::from(text.as_str().contains(':')))),
            None => add(volume.get("target").and_then(Node::written).map(|it| it.as_str())),
        }
    }
    let with_source = service.get("volumes").map(Node::items).unwrap_or_default().iter().filter_map(|volume| {
        let mut parts = volume.written()?.as_str().split(':').skip(1);
        parts.next().filter(|target| target.starts_with('/')).map(str::to_owned)
    });
    let volumes: Vec<String> = with_source.collect();
    if let Some(tmpfs) = service.get("tmpfs") {
        for item in tmpfs.items().iter().map(|it| &**it).chain(tmpfs.scalar().map(|_| tmpfs)) {
            add(item.written().and_then(|it| it.as_str().split(':').next()));
        }
    }
    storage.volumes = volumes;
    storage.open |= service.get("volumes_from").is_some() || service.get("extends").is_some();
    storage
}

/// `readOnlyRootFilesystem` and `volumeMounts` of a container.
pub(super) fn storage_of_container(container: &Node, is_template: bool) -> Storage {
    let mut storage = Storage {
        read_only_root: container
            .path(["securityContext", "readOnlyRootFilesystem"])
            .filter(|it| it.as_bool() == Some(true))
            .map(|it| it.at.clone()),
        mounts: Vec::new(),
        volumes: Vec::new(),
        open: is_template,
    };
    for mount in container.get("volumeMounts").map(Node::items).unwrap_or_default() {
        match mount.get("mountPath").and_then(Node::written) {
            Some(path) => storage.mounts.push(path.as_str().to_owned()),
            None => storage.open = true,
        }
    }
    storage
}
