//! The gradients, for burn's autodiff.

use burn::backend::Autodiff;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

use crate::Window;
use crate::ops::{Convolutions, Units};

#[derive(Debug)]
struct Convolution;

impl<B: Convolutions> Backward<B, 3> for Convolution {
    /// The pictures, the weight and the bias, whether the weight stays.
    type State = (NodeId, NodeId, NodeId, Window, bool);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [of_pictures, of_weight, of_bias] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (pictures, weight, bias, window, stays) = ops.state;
        let pictures = checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(pictures);
        let weight = checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(weight);
        let bias = checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(bias);
        if let Some(node) = of_pictures {
            let (pictures, weight) = (pictures.clone(), weight.clone());
            let found = if stays {
                B::convolution_pictures_staying(pictures, weight, gradient.clone(), window)
            } else {
                B::convolution_pictures(pictures, weight, gradient.clone(), window)
            };
            grads.register::<B>(node.id, found);
        }
        if let Some(node) = of_weight {
            let found = B::convolution_weight(pictures.clone(), weight, gradient.clone(), window);
            grads.register::<B>(node.id, found);
        }
        if let Some(node) = of_bias {
            grads.register::<B>(node.id, B::convolution_bias(pictures, bias, gradient));
        }
    }
}

impl<B: Convolutions, C: CheckpointStrategy> Convolutions for Autodiff<B, C> {
    fn convolution(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        let nodes = [pictures.node(), weight.node(), bias.node()];
        // A net that is only looked through, such as one whose features are compared.
        let stays = !weight.is_tracked();
        match Convolution.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let state = (
                    prepared.checkpoint(&pictures),
                    prepared.checkpoint(&weight),
                    prepared.checkpoint(&bias),
                    window,
                    stays,
                );
                let way = if stays {
                    B::convolution
                } else {
                    B::convolution_learning
                };
                let made = way(
                    pictures.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                    window,
                );
                prepared.finish(state, made)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::convolution(
                pictures.into_primitive(),
                weight.into_primitive(),
                bias.into_primitive(),
                window,
            )),
        }
    }
}

#[derive(Debug)]
struct Unit;

impl<B: Units> Backward<B, 1> for Unit {
    type State = NodeId;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [parent] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let input = checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(ops.state);
        if let Some(node) = parent {
            grads.register::<B>(node.id, B::unit_input(input, gradient));
        }
    }
}

#[derive(Debug)]
struct Leaky;

impl<B: Units> Backward<B, 1> for Leaky {
    type State = NodeId;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [parent] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let input = checkpointer.retrieve_node_output::<B::FloatTensorPrimitive>(ops.state);
        if let Some(node) = parent {
            grads.register::<B>(node.id, B::leaky_input(input, gradient));
        }
    }
}

impl<B: Units, C: CheckpointStrategy> Units for Autodiff<B, C> {
    fn unit(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [input.node()];
        match Unit.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let state = prepared.checkpoint(&input);
                prepared.finish(state, B::unit(input.into_primitive()))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::unit(input.into_primitive())),
        }
    }

    fn leaky(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [input.node()];
        match Leaky.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prepared) => {
                let state = prepared.checkpoint(&input);
                prepared.finish(state, B::leaky(input.into_primitive()))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::leaky(input.into_primitive())),
        }
    }
}
